"""Keys of runs: equal keys, equal results.

A key is made of the rows read, the settings, the versions of the libraries that compute, and the code that
trains: the modules of this package that training imports, found by following imports, each as its syntax
tree. Comments, docstrings and layout are not in the tree, and code that trains nothing is not followed.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from ml.settings import Settings

TRAINER: Final = "ml.training"
"""The module that trains a run."""

STUDIES: Final = "ml.studies.study"
"""The module of the studies."""

LIBRARIES: Final = {
    "lightgbm": "lightgbm",
    "numpy": "numpy",
    "pandas": "pandas",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "tensorflow": "tensorflow",
    "tensorflow_cpu": "tensorflow-cpu",
    "threadpoolctl": "threadpoolctl",
}
"""Libraries that compute, by the name they are imported by, and the distributions they come in."""

PACKAGE_FOLDER: Final = Path(__file__).parents[1]


def run_key(data_sha256: str, settings: Settings) -> str:
    """Give the key of a run as 64 hexadecimal digits."""
    parts = {
        "data": data_sha256,
        "code": code_sha256(TRAINER),
        "settings": settings.sha256(),
        "libraries": {name: version(name) for name in LIBRARIES.values()},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def study_key(data_sha256: str, settings: Settings, hyperparameters: str) -> str:
    """Give the key of a study's run: as `run_key`, with the code of the studies and what they vary."""
    parts = [run_key(data_sha256, settings), code_sha256(STUDIES), hyperparameters]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def data_sha256(frames: Mapping[str, pd.DataFrame]) -> str:
    """Hash rows read: JSON keeps every digit of a float and tells null from text."""
    digest = hashlib.sha256()
    for name, frame in frames.items():
        rows = [[_plain(value) for value in row] for row in frame.itertuples(index=False)]
        digest.update(json.dumps([name, list(frame.columns), rows], ensure_ascii=False).encode())
    return digest.hexdigest()


def code_sha256(root: str, folder: Path = PACKAGE_FOLDER) -> str:
    """Hash the code a module of this package runs on.

    Args:
        root: Module, for example `ml.training`.
        folder: Folder of the package.

    Returns:
        64 hexadecimal digits over the module and all modules of the package it imports, directly or not, in
        functions too, without comments, docstrings and layout.
    """
    digest = hashlib.sha256()
    for name, text in sorted(_imported_texts(root, folder).items()):
        digest.update(name.encode() + b"\0" + _bare(text).encode() + b"\0")
    return digest.hexdigest()


def imported_modules(root: str, folder: Path = PACKAGE_FOLDER) -> dict[str, ast.Module]:
    """Give the syntax trees of a module and of all modules of its package that it imports, by name."""
    return {name: ast.parse(text) for name, text in _imported_texts(root, folder).items()}


def _imported_texts(root: str, folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        path = _path_of(name, folder)
        if name not in found and path is not None:
            found[name] = path.read_bytes()
            waiting += _imports(name, found[name])
    return found


# A key is asked for several times in one build, and a module parsed takes longer than one read.
@functools.lru_cache(maxsize=256)
def _imports(module: str, text: bytes) -> tuple[str, ...]:
    return tuple(imports_of(module, ast.parse(text)))


@functools.lru_cache(maxsize=256)
def _bare(text: bytes) -> str:
    return ast.unparse(_Bare().visit(ast.parse(text)))


def imports_of(module: str, tree: ast.Module) -> list[str]:
    """Name what a module may import: modules, and members of them, which may be modules again.

    The packages a module lies in count too, as importing it runs their code. The outermost does not: it is a
    door to everything and computes nothing. Nor do imports for type checkers alone.
    """
    parts = module.split(".")
    names = [".".join(parts[:end]) for end in range(2, len(parts))]
    for node in _running(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = importlib.util.resolve_name("." * node.level + base, module.rpartition(".")[0])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return names


def version(distribution: str) -> str | None:
    """Give the version of an installed distribution, None if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree without what only type checkers see."""
    yield node
    for child in ast.iter_child_nodes(node):
        is_for_types = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not is_for_types:
            yield from _running(child)


class _Bare(ast.NodeTransformer):
    """Takes docstrings, and other strings that are statements, out of a tree."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if is_text else node


def _path_of(module: str, folder: Path) -> Path | None:
    """Find the file of a module of the package in `folder`; None for what is not one."""
    top, *parts = module.split(".")
    if top != folder.name:
        return None
    place = folder.joinpath(*parts)
    for path in (place.with_suffix(".py") if parts else place, place / "__init__.py"):
        if path.is_file():
            return path
    return None


def _plain(value: object) -> str | float | bool | None:
    if value is None or isinstance(value, str | bool):
        return value
    return float(str(value))  # integers, decimals and floats of equal value hash equally
