"""Sealing a source: recording the checksums of its files in its contract after a reviewed edit."""

from __future__ import annotations

import json
from pathlib import Path

from warehouse.dbt_sources import SOURCES_YML, render_sources_yml
from warehouse.sources import canonical_sha256, read_sources


def seal_sources(sources_dir: Path) -> list[str]:
    """Write each table's file hash and canonical content hash into its ``datapackage.json``.

    Also renews dbt's description of the raw tables.

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
            table = next(
                t for t in tables if (t.source, t.resource.name) == (package["name"], resource["name"])
            )
            new = {
                "hash": f"sha256:{table.sha256}",
                "canonicalSha256": canonical_sha256(table),
                "rows": len(table.records),
            }
            if any(resource.get(key) != value for key, value in new.items()):
                resource.update(new)
                changed.append(f"{table.source}/{table.resource.name}")
        file.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    SOURCES_YML.write_text(render_sources_yml(sources_dir), encoding="utf-8")
    return changed
