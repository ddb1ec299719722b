"""The lineage page beside the published file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from warehouse.file.query import connect
from warehouse.paths import PROJECT_ROOT
from warehouse.publish import published_digest
from warehouse.writing import make_folder, move_into_place

PATTERNS_MARK = "MINERAL-PATTERNS-GO-HERE"
"""What `dbt_project/docs/overview.md` has in the place of the figure that only a built file can give."""


def complete_page(page: Path, database: Path, work_dir: Path) -> None:
    """Put into dbt's page what only the built file can give, and take out where it was made.

    Args:
        page: The page, rewritten.
        database: DuckDB file it describes.
        work_dir: Folder it was made in.
    """
    from warehouse.pages.mineral_patterns import site_section

    with connect(database) as connection:
        section = json.dumps(site_section(connection))[1:-1]  # it goes into a string of the page's JSON
    text = page.read_text(encoding="utf-8").replace(PATTERNS_MARK, section)
    # Where the page was made is nobody's business, and differs from build to build.
    for folder in (work_dir.resolve(), PROJECT_ROOT):
        text = text.replace(f"{folder}/", "").replace(str(folder), "")
    page.write_text(text, encoding="utf-8")


def docs_file(output: Path) -> Path:
    """Return the path of the lineage page of the published file ``output``."""
    return output.parent / "docs" / "index.html"


def put_docs(page: Path, output: Path) -> Path:
    """Move a written ``page`` to its place beside ``output`` in one step; return that place.

    The page ends in the digest of the file it describes.
    """
    with page.open("a", encoding="utf-8") as stream:
        stream.write(_mark(output))
    place = docs_file(output)
    make_folder(place.parent)
    move_into_place(page, place)
    return place


def describes(output: Path) -> bool:
    """Whether the lineage site beside ``output`` is there and is that of this very file."""
    mark = _mark(output).encode()
    try:
        with docs_file(output).open("rb") as stream:
            stream.seek(-len(mark), os.SEEK_END)
            return stream.read() == mark
    except OSError:
        return False


def _mark(output: Path) -> str:
    return f"<!-- describes the file with SHA-256 {published_digest(output)} -->\n"
