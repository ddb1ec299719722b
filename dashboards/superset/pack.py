"""Pack the bundle for Superset's import, pointed at a published file of your own.

Superset opens the file where the server runs, so the bundle's address is a placeholder until it is packed.
"""

from __future__ import annotations

import argparse
import os
import sys
import zipfile
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent
BUNDLE = FOLDER / "bundle"
DATABASE = "databases/REE_warehouse.yaml"
ROOT = "ree_warehouse"
"""Folder that Superset expects around the files inside the zip; any name serves."""


def pack(published: Path, output: Path) -> Path:
    """Write the bundle as a zip with the address of ``published`` in it, in one step.

    Raises:
        ValueError: If the path is relative: Superset would look for it below its own folder.
    """
    if not published.is_absolute():
        raise ValueError(f"{published} is no absolute path; name the file from the root")
    output.parent.mkdir(parents=True, exist_ok=True)
    aside = output.with_name(output.name + ".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(BUNDLE.rglob("*.yaml")):
            name = file.relative_to(BUNDLE).as_posix()
            text = file.read_text(encoding="utf-8")
            archive.writestr(f"{ROOT}/{name}", _pointed(text, published) if name == DATABASE else text)
    os.replace(aside, output)
    return output


def _pointed(text: str, published: Path) -> str:
    database = yaml.safe_load(text)
    database["sqlalchemy_uri"] = f"duckdb:///{published.as_posix()}"
    return yaml.safe_dump(database, sort_keys=False, allow_unicode=True)


def main() -> None:
    """Pack from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("published", type=Path, help="the published file")
    parser.add_argument(
        "--on-server", type=Path, help="absolute path of it where Superset runs, if elsewhere"
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("build/ree-superset.zip"))
    request = parser.parse_args()
    if request.on_server is None and not request.published.is_file():
        sys.exit(f"✗ {request.published}: there is no published file here; run `make build` first.")
    try:
        print(pack(request.on_server or request.published.resolve(), request.output))
    except (OSError, ValueError) as error:
        sys.exit(f"✗ {error}.")


if __name__ == "__main__":
    main()
