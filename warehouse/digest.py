"""SHA-256 digests, in hexadecimal."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_of_text(text: str) -> str:
    """Return the digest of ``text`` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_file(file: Path) -> str:
    """Return the digest of a file's bytes."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def sha256_of_text_file(file: Path) -> str:
    """Return the digest of a text file, the same whether its lines end as on Windows or elsewhere."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
