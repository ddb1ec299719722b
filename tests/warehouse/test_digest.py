from __future__ import annotations

from pathlib import Path

from warehouse.digest import sha256_of_file, sha256_of_files, sha256_of_text

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The example of the standard (FIPS 180-4)."""


def test_a_text_and_a_file_of_the_same_bytes_have_the_digest_of_the_standard(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"abc")

    assert sha256_of_text("abc") == sha256_of_file(tmp_path / "file") == ABC


def test_many_files_have_one_digest_whatever_their_order(tmp_path: Path) -> None:
    first = written(tmp_path / "one", {"a.py": "x", "b/c.py": "y"})
    here = sha256_of_files(first, tmp_path / "one")

    assert sha256_of_files(first[::-1], tmp_path / "one") == here
    assert sha256_of_files(written(tmp_path / "two", {"a.py": "x", "b/c.py": "y"}), tmp_path / "two") == here
    for number, other in enumerate(
        ({"a.py": "x", "b/c.py": "z"}, {"a.py": "x", "b/d.py": "y"}, {"a.py": "xb/c.pyy"}, {"a.py": "x"})
    ):
        root = tmp_path / f"other{number}"
        assert sha256_of_files(written(root, other), root) != here, other


def written(root: Path, texts: dict[str, str]) -> list[Path]:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return [root / name for name in texts]
