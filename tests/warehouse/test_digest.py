from __future__ import annotations

from pathlib import Path

from warehouse.digest import sha256_of_file, sha256_of_text, sha256_of_text_file

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The example of the standard (FIPS 180-4)."""


def test_a_text_and_a_file_of_the_same_bytes_have_the_digest_of_the_standard(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")

    assert sha256_of_text("abc") == sha256_of_file(tmp_path / "file") == ABC


def test_a_text_file_has_one_digest_however_its_lines_end(tmp_path: Path) -> None:
    for name, content in (("unix", b"a\nb\n"), ("windows", b"a\r\nb\r\n"), ("other", b"a\rb\r")):
        (tmp_path / name).write_bytes(content)

    assert sha256_of_text_file(tmp_path / "unix") == sha256_of_text("a\nb\n")
    assert sha256_of_text_file(tmp_path / "windows") == sha256_of_text("a\nb\n")
    assert sha256_of_text_file(tmp_path / "other") != sha256_of_text("a\nb\n")
