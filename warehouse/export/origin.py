"""Where an export comes from: the build, its sources and how to cite them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse import __version__
from warehouse.errors import ReeError
from warehouse.paths import PROJECT_ROOT, SOURCES_DIR
from warehouse.sources.contract import SourcePackage, load_packages

CITATION_FILE = PROJECT_ROOT / "CITATION.cff"


@dataclass(frozen=True)
class SourceFile:
    """A source table as it was read: name of the file and SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Origin:
    """What an export says of where it comes from.

    Attributes:
        build_id: Build that made the published file.
        built_at: When, UTC.
        code_version: Version of the code that did.
        sources: Contracts of the sources it read.
        source_files: The files of each source, by name of the source.
        citation: Content of the project's ``CITATION.cff``.
    """

    build_id: str
    built_at: datetime
    code_version: str
    sources: tuple[SourcePackage, ...]
    source_files: dict[str, list[SourceFile]]
    citation: dict[str, Any]

    @property
    def title(self) -> str:
        """Title of the project."""
        return str(self.citation["title"])

    @property
    def licences(self) -> list[dict[str, str]]:
        """Licence of the project, then those of its sources that are worded otherwise."""
        name = str(self.citation["license"])
        own = {
            "name": name,
            "title": "Licence of ree-warehouse",
            "path": f"https://spdx.org/licenses/{name}.html",
        }
        stated = [own, *(licence for source in self.sources for licence in source.licenses)]
        return list({(each["name"], each.get("path")): each for each in reversed(stated)}.values())[::-1]


def read_origin(connection: duckdb.DuckDBPyConnection, file: Path) -> Origin:
    """Read what an export says of itself: from the file, the sources' contracts and ``CITATION.cff``.

    Raises:
        ReeError: If the file does not say how it was built.
    """
    try:
        build = connection.execute(
            "select build_id, built_at, code_version from meta.builds where is_current"
        ).fetchone()
        read = connection.execute(
            "select table_name, file, sha256 from meta.source_files order by 1"
        ).fetchall()
    except duckdb.CatalogException:
        build, read = None, []
    if build is None:
        raise ReeError(
            "the file does not say how it was built", "name a file made by `make build`", file=file
        )
    files: dict[str, list[SourceFile]] = defaultdict(list)
    for table, path, sha256 in read:
        files[table.split("__")[0]].append(SourceFile(Path(path).name, sha256))
    sources = tuple(package for package in load_packages(SOURCES_DIR) if package.name in files)
    citation = yaml.safe_load(CITATION_FILE.read_text(encoding="utf-8"))
    build_id, built_at, code_version = build
    return Origin(build_id, built_at, code_version, sources, dict(files), citation)


def citation_cff(origin: Origin) -> str:
    """Return the project's ``CITATION.cff`` as one of the exported tables: a dataset with a date."""
    dated = {
        **origin.citation,
        "type": "dataset",
        "version": __version__,
        "date-released": origin.built_at.date(),
    }
    return yaml.safe_dump(dated, sort_keys=False, allow_unicode=True, width=100)
