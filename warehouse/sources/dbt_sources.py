"""dbt's description of the raw tables, derived from the data contracts: a column is described once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from warehouse.paths import DBT_PROJECT_DIR, SOURCES_DIR
from warehouse.sources.contract import FieldContract, SourcePackage, load_packages

SOURCES_YML = DBT_PROJECT_DIR / "models" / "staging" / "_raw__sources.yml"
_HEADER = "# Derived from sources/*/datapackage.json by `ree seal`; change it there.\n"


_PLACE = ("source_file", "source_line")


def _column(field: FieldContract) -> dict[str, str]:
    return {"name": field.name, "description": field.meaning}


def _tables(package: SourcePackage) -> list[dict[str, Any]]:
    place = [{"name": name, "description": f"{{{{ doc('{name}') }}}}"} for name in _PLACE]
    return [
        {
            "name": f"{package.name}__{resource.name}",
            "description": f"{resource.description} Every cell verbatim, as text. {package.citation}",
            "columns": [_column(field) for field in resource.table.fields] + place,
            "meta": {"citation": package.citation, "licence": package.licenses[0]["name"]},
        }
        for resource in package.resources
    ]


def render_sources_yml(sources_dir: Path = SOURCES_DIR) -> str:
    """Return the YAML text of the dbt source ``raw`` for every package below ``sources_dir``."""
    tables = [table for package in load_packages(sources_dir) for table in _tables(package)]
    for table in tables:
        table["config"] = {"meta": table.pop("meta")}
    document = {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "schema": "raw",
                "description": "Published tables as they came in, every cell as text.",
                "tables": tables,
            }
        ],
    }
    return _HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
