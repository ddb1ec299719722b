"""What a build is made from, as one digest per file, library and setting: equal inputs give the same file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import ml
from warehouse.digest import sha256_of_file, sha256_of_text, sha256_of_text_file
from warehouse.paths import DBT_PROJECT_DIR, ML_DIR, PROJECT_ROOT

LIBRARIES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "great-expectations",
    "keras",
    "lightgbm",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "sqlalchemy",
    "tensorflow",
    "tensorflow-cpu",
)
"""Libraries whose version may show in the file; of the two TensorFlows one is there."""

_CODE = frozenset(
    {".css", ".csv", ".html", ".j2", ".js", ".json", ".md", ".py", ".sql", ".txt", ".yaml", ".yml"}
)
_SOURCES = frozenset({".csv", ".json"})
_NOT_READ = frozenset({"target", "logs", "dbt_packages", "__pycache__"})


@dataclass(frozen=True, order=True)
class Input:
    """One thing a build is made from.

    Attributes:
        kind: ``source`` (tables and contracts), ``seed``, ``model`` (the dbt project but for its seeds),
            ``code`` (the Python packages and what lies in them), ``library`` or ``setting``.
        name: Path in the project, or name of the library or setting.
        sha256: Digest of the file's content, the version or the value.
    """

    kind: str
    name: str
    sha256: str


def read_inputs(sources_dir: Path, published_dir: Path | None, settings: ml.Settings) -> frozenset[Input]:
    """Digest everything a build reads.

    Line ends do not count in the project's own files, which a checkout may write either way.

    Args:
        sources_dir: Folder of source packages.
        published_dir: Folder of the tables as their publishers ship them, if they are read from there.
        settings: What the ensemble is trained and judged with.

    Raises:
        ReeError: If a contract is broken, where ``published_dir`` is given.
    """
    return frozenset(
        [
            *_source_files(sources_dir, published_dir),
            *(
                Input(_kind_of(file), file.relative_to(PROJECT_ROOT).as_posix(), sha256_of_text_file(file))
                for folder in (PROJECT_ROOT / "warehouse", ML_DIR, DBT_PROJECT_DIR)
                for file in _files(folder, _CODE)
            ),
            *(Input("library", name, sha256_of_text(number)) for name, number in library_versions().items()),
            Input("setting", "what the ensemble is trained with", settings.sha256()),
        ]
    )


def library_versions() -> dict[str, str]:
    """Return the installed version of each library that may show in the file, and of Python."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def sha256_of_inputs(inputs: frozenset[Input]) -> str:
    """Return one digest of all ``inputs``, whatever their order."""
    return sha256_of_text(json.dumps([(i.kind, i.name, i.sha256) for i in sorted(inputs)]))


def changed_names(before: frozenset[Input], now: frozenset[Input]) -> list[str]:
    """Return the names of the inputs that differ, came or went, in alphabetical order."""
    return sorted({changed.name for changed in before ^ now})


def _kind_of(file: Path) -> str:
    if not file.is_relative_to(DBT_PROJECT_DIR):
        return "code"
    return "seed" if file.suffix == ".csv" else "model"


def _source_files(sources_dir: Path, published_dir: Path | None) -> Iterator[Input]:
    for file in _files(sources_dir, _SOURCES):
        yield Input(
            "source", f"sources/{file.relative_to(sources_dir).as_posix()}", sha256_of_text_file(file)
        )
    if published_dir is None:
        return
    from warehouse.sources.contract import load_packages

    for package in load_packages(sources_dir):
        for shape in (resource.published for resource in package.resources):
            # One that is missing is the reader's to say.
            if shape is not None and (published_dir / shape.path).is_file():
                yield Input("source", f"published/{shape.path}", sha256_of_file(published_dir / shape.path))


def _files(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """Yield the files of a folder that a build may read: no caches, hidden files or editors' backups."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_READ and not name.startswith(".")]
        for name in names:
            file = Path(parent, name)
            if file.suffix in suffixes and not name.startswith((".", "#")) and file.is_file():
                yield file
