"""The rules of who may import whom can fail, each of them, and the guide names the same rooms."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from warehouse.paths import PROJECT_ROOT

CONTRACTS = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]

# One import per rule that breaks it.
BREACHES = {
    "Rooms of the warehouse: each knows only those below it": ("warehouse/diff/model.py", "warehouse.cli"),
    "No circles in the warehouse": ("warehouse/file/catalogue.py", "warehouse.file.describe"),
    "ml knows nothing of the warehouse": ("ml/oxides.py", "warehouse.errors"),
    "Rooms of ml: each knows only those below it": ("ml/models/features.py", "ml.training"),
    "No circles in ml": ("ml/judging/metrics.py", "ml.judging.protocols"),
    "The warehouse comes to ml through its front door": ("warehouse/build/summary.py", "ml.settings"),
    "Only the store of ml knows SQL": ("ml/pipeline.py", "sqlalchemy"),
    "Only the command line prints": ("warehouse/export/run.py", "rich.table"),
    "Only the build runs dbt and the gates": ("warehouse/build/load.py", "dbt.cli.main"),
    "The warehouse trains nothing": ("warehouse/predict.py", "sklearn.base"),
    "What reads the file knows nothing of how it is made": ("warehouse/pages/templates.py", "sqlalchemy"),
    "One module takes digests": ("warehouse/sources/seal.py", "hashlib"),
    "One module compares spellings": ("warehouse/file/lookup.py", "difflib"),
}


def test_each_rule_breaks_when_it_is_broken(tmp_path: Path) -> None:
    for package in ("warehouse", "ml"):
        shutil.copytree(
            PROJECT_ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT_ROOT / "pyproject.toml", tmp_path)
    assert verdicts(tmp_path) == dict.fromkeys(BREACHES, "KEPT")
    for file, module in BREACHES.values():
        with (tmp_path / file).open("a") as handle:
            handle.write(f"\nimport {module}\n")

    assert verdicts(tmp_path) == dict.fromkeys(BREACHES, "BROKEN")


def verdicts(folder: Path) -> dict[str, str]:
    """What import-linter says of each rule."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120)
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", done.stdout, flags=re.MULTILINE))


def test_the_guide_names_every_room() -> None:
    (rooms,) = (
        each for each in CONTRACTS if each["type"] == "layers" and each["containers"] == ["warehouse"]
    )
    names = {name.strip() for layer in rooms["layers"] for name in layer.split("|")}
    guide = (PROJECT_ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = guide.split("## What each room may touch")[1].split("\n## ")[0]
    told = {name for cell in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in cell.split(", ")}

    assert {f"`warehouse/{name}`" for name in names} <= {
        name.replace("/`", "`").replace(".py`", "`") for name in told
    }


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (r"\bduckdb_\w+\(|information_schema", {"file/catalogue.py"}),
        # Raw tables take their columns from the rows they hold.
        (r"(?i)create (or replace )?table", {"file/definition.py", "build/load.py"}),
        (r"(?i)comment on (table|column) ", {"file/comments.py"}),
        # All write into a folder of their own, which is moved into place afterwards.
        (r"\.write_(text|bytes)\(", {"export/points.py", "export/run.py", "pages/lineage.py"}),
        # An export moves a folder, which a file's writer cannot.
        (r"os\.(replace|rename)\(|\.part\b|mkstemp", {"writing.py", "export/run.py"}),
    ],
)
def test_one_module_does_it(text: str, places: set[str]) -> None:
    package = PROJECT_ROOT / "warehouse"
    found = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if re.search(text, file.read_text("utf-8"))
    }

    assert found == places


def test_what_a_record_is_is_not_read_from_its_id() -> None:
    found = {
        file.relative_to(PROJECT_ROOT).as_posix()
        for folder, kind in (("warehouse", "py"), ("ml", "py"), ("dbt_project", "sql"))
        for file in (PROJECT_ROOT / folder).rglob(f"*.{kind}")
        if re.search(r"""['"]liu2023-""", file.read_text("utf-8")) and "target" not in file.parts
    }

    assert found == {"dbt_project/macros/clean_text.sql"}
