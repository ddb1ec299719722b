"""``croissant.json``: the exported tables as MLCommons' Croissant 1.0 describes data sets.

It is made of what ``datapackage.json`` says, and says nothing of its own.
"""

from __future__ import annotations

from typing import Any

Described = dict[str, Any]

CONTEXT: Described = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that Croissant 1.0 prescribes, to the letter."""

_TYPES = {
    "string": "sc:Text",
    "boolean": "sc:Boolean",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}
_PARQUET = "application/x-parquet"
"""What Croissant's readers call Parquet."""


def describe_croissant(package: Described) -> Described:
    """Return the content of ``croissant.json`` for an export.

    A table is read from its Parquet file where there is one: readers of Croissant take the CSV's NA, the code
    of Namibia, for a missing value.

    Args:
        package: Content of ``datapackage.json``.
    """
    tables = [resource for resource in package["resources"] if resource["type"] == "table"]
    parquet = {each["title"]: each for each in package["resources"] if each.get("format") == "parquet"}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package["name"],
        "alternateName": package["title"],
        "description": package["description"],
        "version": package["version"],
        "datePublished": package["created"],
        "license": _licences(package),
        "keywords": package["keywords"],
        "creator": [{"@type": "sc:Organization", "name": each["title"]} for each in package["contributors"]],
        "citeAs": "; ".join([package["title"], *(source["citation"] for source in package["sources"])]),
        "isBasedOn": [_basis(source) for source in package["sources"]],
        "distribution": [_file(resource) for resource in package["resources"]],
        "recordSet": [_record_set(table, parquet.get(table["title"], table)) for table in tables],
    }


def _basis(source: Described) -> Described:
    return {
        "@type": "sc:CreativeWork",
        "name": source["title"],
        "citation": source["citation"],
        "license": _licences(source),
        **({"url": source["path"]} if "path" in source else {}),
    }


def _licences(described: Described) -> list[str]:
    return list(dict.fromkeys(each.get("path", each["title"]) for each in described["licenses"]))


def _file(resource: Described) -> Described:
    is_parquet = resource["mediatype"].endswith("parquet")
    return {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["name"],
        "description": resource["description"],
        "contentUrl": resource["path"],
        "contentSize": f"{resource['bytes']} B",
        "encodingFormat": _PARQUET if is_parquet else resource["mediatype"],
        "sha256": resource["hash"].removeprefix("sha256:"),
    }


def _record_set(table: Described, file: Described) -> Described:
    name, schema = table["name"], table["schema"]
    referenced = {
        column: f"{key['reference']['resource'] or name}/{other}"
        for key in schema.get("foreignKeys", [])
        for column, other in zip(key["fields"], key["reference"]["fields"], strict=True)
    }
    key = [{"@id": f"{name}/{column}"} for column in schema.get("primaryKey", [])]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table["description"],
        **({"key": key} if key else {}),
        "field": [
            _field(name, field, file["path"], referenced.get(field["name"])) for field in schema["fields"]
        ],
    }


def _field(table: str, field: Described, path: str, referenced: str | None) -> Described:
    return {
        "@type": "cr:Field",
        "@id": f"{table}/{field['name']}",
        "name": field["name"],
        # The unit is the last sentence of a description.
        "description": field["description"],
        "dataType": _TYPES[field["type"]],
        "source": {"fileObject": {"@id": path}, "extract": {"column": field["name"]}},
        **({"references": {"field": {"@id": referenced}}} if referenced else {}),
    }
