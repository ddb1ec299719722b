"""Where things are: the project's own folders and the published file's neighbours."""

from __future__ import annotations

from pathlib import Path

from warehouse.errors import ReeError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SOURCES_DIR = PROJECT_ROOT / "sources"
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
ML_DIR = PROJECT_ROOT / "ml"
CACHE_DIR = PROJECT_ROOT / "build" / ".cache"
DEFAULT_OUTPUT = PROJECT_ROOT / "build" / "ree.duckdb"
KEPT_BUILDS = 3
"""How many earlier builds are kept beside the published file unless asked otherwise."""


def published_file(path: Path) -> Path:
    """Return ``path`` if a published file is there.

    Raises:
        ReeError: If there is none yet.
    """
    if not path.is_file():
        raise ReeError("there is no published file here", "run `make build` first", file=path)
    return path


def display(path: Path) -> str:
    """Shorten ``path`` to be relative to the working folder where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
