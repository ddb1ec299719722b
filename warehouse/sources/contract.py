"""Data contracts: what a source's ``datapackage.json`` promises.

A source is a Frictionless Data Package (https://datapackage.org). Beside the standard properties a field
may carry ``unit``, ``publishedHeader`` and ``referenceCell``, and a resource may carry ``published``: how
the publisher ships the same table, so that both shapes load through one contract. A resource whose
profile is ``data-resource`` is a file that is not a table, such as a map's outlines; it is not loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.columns import read_meanings, unit_stated, without_unit
from warehouse.errors import ReeError


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True, frozen=True)


class FieldContract(_Part):
    """One column: name, type as the Table Schema names it, unit and meaning.

    Meaning and unit may be left out of a column that the project's own tables have: it means the same here.
    """

    name: str
    type: str = "string"
    description: str
    unit: str | None = None
    decimal_char: str = Field(".", alias="decimalChar")
    constraints: dict[str, Any] = {}
    published_header: str | None = Field(None, alias="publishedHeader")
    reference_cell: bool = Field(False, alias="referenceCell")

    @model_validator(mode="before")
    @classmethod
    def _means_what_its_name_says(cls, data: dict[str, Any]) -> dict[str, Any]:
        return data if "description" in data else {**data, **known_meaning(data.get("name", ""))}

    @property
    def meaning(self) -> str:
        """The description with the unit, as comments of the file have it."""
        return f"{self.description} Unit: {self.unit}." if self.unit else self.description


class TableContract(_Part):
    """The columns of one table, its key, and which texts mean "no value"."""

    fields: tuple[FieldContract, ...]
    primary_key: tuple[str, ...] = Field((), alias="primaryKey")
    missing_values: tuple[str, ...] = Field(("",), alias="missingValues")

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [field.name for field in self.fields]


class Dialect(_Part):
    """How a delimited text file is written."""

    delimiter: str = ","
    quote_char: str = Field('"', alias="quoteChar")


class PublishedShape(_Part):
    """How the publisher ships the same table."""

    path: str
    dialect: Dialect = Field(default_factory=lambda: Dialect.model_validate({}))


class ResourceContract(_Part):
    """One table of a source."""

    name: str
    path: str
    description: str = ""
    dialect: Dialect = Field(default_factory=lambda: Dialect.model_validate({}))
    table: TableContract = Field(alias="schema")
    hash: str | None = None
    canonical_sha256: str | None = Field(None, alias="canonicalSha256")
    published: PublishedShape | None = None


class FileContract(_Part):
    """One file of a source that is not a table."""

    name: str
    path: str
    description: str
    hash: str


class SourcePackage(_Part):
    """One source: its tables, its other files, licence and citation."""

    name: str
    title: str
    description: str = ""
    citation: str
    licenses: tuple[dict[str, str], ...] = Field(min_length=1)
    resources: tuple[ResourceContract, ...]
    files: tuple[FileContract, ...] = ()
    folder: Path

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.resources and not self.files:
            raise ValueError("resources names no table and no other file")
        return self

    def resource(self, name: str) -> ResourceContract:
        """Return the table called ``name``.

        Raises:
            KeyError: If the package has no such table.
        """
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise KeyError(name)


def known_meaning(column: str) -> dict[str, str]:
    """Return ``description`` and ``unit`` of a column of this name; empty for a name the project has not."""
    text = read_meanings().get(column)
    if text is None:
        return {}
    unit = unit_stated(text)
    return {"description": without_unit(text)} | ({"unit": unit.symbol} if unit is not None else {})


def load_package(folder: Path) -> SourcePackage:
    """Read and check ``folder/datapackage.json``.

    Raises:
        ReeError: If the file is not JSON or a promised property is missing.
    """
    file = folder / "datapackage.json"
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ReeError(f"this is not valid JSON ({error})", "correct the contract", file=file) from error
    try:
        return SourcePackage.model_validate({**raw, **_by_kind(raw), "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "resources"
        raise ReeError(
            f"the contract breaks at {place} ({first['msg'].lower()})", "correct the contract", file=file
        ) from error


def is_table(resource: object) -> bool:
    """Whether an entry of ``resources`` is a table, as all are that do not say otherwise."""
    return not (isinstance(resource, dict) and resource.get("profile") == "data-resource")


def _by_kind(raw: dict[str, Any]) -> dict[str, Any]:
    entries = raw.get("resources")
    if not isinstance(entries, list):
        return {}
    return {
        "resources": [entry for entry in entries if is_table(entry)],
        "files": [entry for entry in entries if not is_table(entry)],
    }


def load_packages(sources_dir: Path) -> list[SourcePackage]:
    """Read every source below ``sources_dir``, in alphabetical order.

    Raises:
        ReeError: If there is no source at all or a contract is broken.
    """
    folders = sorted(file.parent for file in sources_dir.glob("*/datapackage.json"))
    if not folders:
        raise ReeError("no source has a datapackage.json here", "add one", file=sources_dir)
    return [load_package(folder) for folder in folders]
