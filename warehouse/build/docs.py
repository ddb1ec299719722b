"""The lineage site: dbt's own page of a built file, completed and put in its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.build.transform import Dbt
from warehouse.file.query import connect
from warehouse.pages.lineage import complete_page, put_docs
from warehouse.paths import DEFAULT_OUTPUT
from warehouse.publish import sole_build, work_folder


def make_docs(dbt: Dbt, database: Path, work_dir: Path) -> Path:
    """Write the lineage site of a database as one self-contained HTML file and return its path.

    Args:
        dbt: dbt on that database.
        database: DuckDB file with all models built, opened for writing by dbt.
        work_dir: Folder to write in.

    Raises:
        ReeError: If dbt cannot describe the database.
    """
    page = dbt.document()
    complete_page(page, database, work_dir)
    return page


def write_docs(file: Path) -> Path:
    """Write the lineage site of the published ``file`` again and return its place.

    Raises:
        ReeError: If there is no published file, a build is under way, or dbt cannot describe it.
    """
    connect(file).close()
    with sole_build(file), work_folder(file) as folder:
        # dbt opens what it describes for writing; readers keep the published file.
        # A file called marts.duckdb would share its name with a schema.
        copy = folder / DEFAULT_OUTPUT.name
        shutil.copyfile(file, copy)
        return put_docs(make_docs(Dbt(copy, folder), copy, folder), file)
