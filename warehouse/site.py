"""The lineage site that stands beside the published file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warehouse.paths import published_file


def docs_file(output: Path) -> Path:
    """Return where the lineage site of the published file ``output`` stands."""
    return output.parent / "docs" / "index.html"


def put_docs(page: Path, output: Path) -> Path:
    """Move a written ``page`` to its place beside ``output`` in one step; return that place."""
    place = docs_file(output)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(page, place)
    return place


def write_docs(file: Path) -> Path:
    """Write the lineage site of the published ``file`` anew and return its place.

    Raises:
        ReeError: If there is no published file, or dbt cannot describe it.
    """
    from warehouse.publish import work_folder
    from warehouse.transform import generate_docs

    published_file(file)
    with work_folder(file) as folder:
        # dbt opens what it describes for writing; readers keep the published file.
        copy = folder / file.name
        shutil.copyfile(file, copy)
        return put_docs(generate_docs(copy, folder), file)
