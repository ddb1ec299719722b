"""Sealing a source: recording the checksums of its files in its contract after a reviewed edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from warehouse.digest import sha256_of_text_file
from warehouse.sources.contract import is_table, known_meaning
from warehouse.sources.dbt_sources import SOURCES_YML, render_sources_yml
from warehouse.sources.read import SourceTable, canonical_sha256, read_sources
from warehouse.writing import write_text


def seal_sources(sources_dir: Path) -> list[str]:
    """Write each file's hash, and each table's canonical content hash, into its ``datapackage.json``.

    Also fills in the meaning and unit of columns that leave them out, and renews dbt's description of the raw
    tables.

    Returns:
        One ``source/table`` per contract entry that changed.

    Raises:
        ReeError: If a source is missing or broken.
    """
    changed: list[str] = []
    tables = read_sources(sources_dir)
    for file in sorted(sources_dir.glob("*/datapackage.json")):
        package = json.loads(file.read_text(encoding="utf-8"))
        for resource in package["resources"]:
            if is_table(resource):
                _describe(resource["schema"]["fields"])
                new = _table_seal(tables, package["name"], resource["name"])
            else:
                new = {"hash": f"sha256:{sha256_of_text_file(file.parent / resource['path'])}"}
            if any(resource.get(key) != value for key, value in new.items()):
                resource.update(new)
                changed.append(f"{package['name']}/{resource['name']}")
        write_text(file, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    write_text(SOURCES_YML, render_sources_yml(sources_dir))
    return changed


def _describe(fields: list[dict[str, Any]]) -> None:
    for field in fields:
        if "description" not in field:
            field.update(known_meaning(field["name"]))


def _table_seal(tables: list[SourceTable], source: str, name: str) -> dict[str, Any]:
    table = next(t for t in tables if (t.source, t.resource.name) == (source, name))
    return {
        "hash": f"sha256:{table.sha256}",
        "canonicalSha256": canonical_sha256(table),
        "rows": len(table.records),
    }
