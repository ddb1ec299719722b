"""SHA-256 digests, in hexadecimal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sha256_of_text(text: str) -> str:
    """Return the digest of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_file(file: Path) -> str:
    """Return the digest of a file's bytes."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_of_files(files: Iterable[Path], root: Path) -> str:
    """Return one digest of many files: of their names below ``root`` and their bytes, in any order given."""
    digest = hashlib.sha256()
    for file in sorted(files):
        # Each with a length of its own, so that no two sets of files run together to the same bytes.
        digest.update(f"{file.relative_to(root).as_posix()}\0{sha256_of_file(file)}\n".encode())
    return digest.hexdigest()
