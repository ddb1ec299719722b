"""The lineage site that stands beside the published file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from warehouse.paths import PROJECT_ROOT, published_file
from warehouse.writing import move_into_place

PATTERNS_MARK = "MINERAL-PATTERNS-STAND-HERE"
"""What `dbt_project/docs/overview.md` has in the place of the figure that only a built file can give."""


def make_docs(database: Path, work_dir: Path) -> Path:
    """Write the lineage site of a database as one self-contained HTML file and return its path.

    Args:
        database: DuckDB file with all models built, opened for writing by dbt.
        work_dir: Folder to write in.

    Raises:
        ReeError: If dbt cannot describe the database.
    """
    from warehouse.build.transform import generate_docs
    from warehouse.file.query import connect
    from warehouse.pages.mineral_patterns import site_section

    page = generate_docs(database, work_dir)
    with connect(database) as connection:
        section = json.dumps(site_section(connection))[1:-1]  # it goes into a string of the page's JSON
    text = page.read_text(encoding="utf-8").replace(PATTERNS_MARK, section)
    # Where the page was made is nobody's business, and differs from build to build.
    for folder in (work_dir.resolve(), PROJECT_ROOT):
        text = text.replace(f"{folder}/", "").replace(str(folder), "")
    page.write_text(text, encoding="utf-8")
    return page


def docs_file(output: Path) -> Path:
    """Return where the lineage site of the published file ``output`` stands."""
    return output.parent / "docs" / "index.html"


def put_docs(page: Path, output: Path) -> Path:
    """Move a written ``page`` to its place beside ``output`` in one step; return that place."""
    place = docs_file(output)
    place.parent.mkdir(parents=True, exist_ok=True)
    move_into_place(page, place)
    return place


def write_docs(file: Path) -> Path:
    """Write the lineage site of the published ``file`` anew and return its place.

    Raises:
        ReeError: If there is no published file, or dbt cannot describe it.
    """
    from warehouse.publish import work_folder

    published_file(file)
    with work_folder(file) as folder:
        # dbt opens what it describes for writing; readers keep the published file.
        copy = folder / file.name
        shutil.copyfile(file, copy)
        return put_docs(make_docs(copy, folder), file)
