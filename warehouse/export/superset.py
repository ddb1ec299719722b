"""The dashboard for Superset, packed for its import and pointed at a published file.

Superset opens the file where the server runs, so the bundle's address is a placeholder until it is packed.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import yaml

from warehouse.errors import ReeError
from warehouse.paths import PROJECT_ROOT
from warehouse.writing import opened

BUNDLE = PROJECT_ROOT / "dashboards" / "superset" / "bundle"
DATABASE = "databases/REE_warehouse.yaml"
ROOT = "ree_warehouse"
"""Folder that Superset expects around the files inside the zip; any name serves."""


def pack(published: Path, output: Path) -> None:
    """Write the bundle as a zip with the address of ``published`` in it, in one step.

    Raises:
        ReeError: If the path is relative: Superset would look for it below its own folder. Or if the zip
            cannot be written.
    """
    if not published.is_absolute():
        raise ReeError("this is not an absolute path", "name the file from the root", file=published)
    with opened(output) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(BUNDLE.rglob("*.yaml")):
            name = file.relative_to(BUNDLE).as_posix()
            text = file.read_text(encoding="utf-8")
            archive.writestr(f"{ROOT}/{name}", _pointed(text, published) if name == DATABASE else text)


def _pointed(text: str, published: Path) -> str:
    database = yaml.safe_load(text)
    database["sqlalchemy_uri"] = f"duckdb:///{published.as_posix()}"
    return yaml.safe_dump(database, sort_keys=False, allow_unicode=True)
