"""`make env` on machines that differ: a stand-in uv writes down how it was called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import REE
from warehouse.paths import PROJECT_ROOT

_UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv {version} (made up)"; exit; fi
echo "$* certs=$UV_SYSTEM_CERTS older=$UV_NATIVE_TLS path=$PYTHONPATH cache=$UV_CACHE_DIR" >> "{log}"
if [ "$1" = venv ]; then mkdir -p .venv/bin; fi
"""


class Machine:
    """A copy of what `make env` needs, in a folder of any name, with a uv of any version."""

    def __init__(self, folder: Path, home: Path, uv_version: str = "0.13.9") -> None:
        folder.mkdir(parents=True)
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(PROJECT_ROOT / name, folder)
        self.folder, self.home, self.log = folder, home, home.parent / "calls.txt"
        self.bin = home.parent / "bin"
        self.bin.mkdir(exist_ok=True)
        (self.bin / "uv").write_text(_UV.format(version=uv_version, log=self.log))
        (self.bin / "uv").chmod(0o755)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.bin}:{os.environ['PATH']}"
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={"PATH": path, "HOME": str(self.home), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_the_certificates_of_the_system_are_used_unless_the_user_says_otherwise(
    tmp_path: Path, home: Path
) -> None:
    machine = Machine(tmp_path / "ree", home)
    assert machine.make("env").returncode == 0
    calls = machine.calls()
    assert [call.split()[0] for call in calls] == ["venv", "pip", "pip"]
    assert all("certs=1 older=1" in call for call in calls)
    machine.make("--always-make", "env", UV_SYSTEM_CERTS="0")
    assert all("certs=0 older=1" in call for call in machine.calls())


def test_other_packages_of_the_same_names_are_not_meant(tmp_path: Path, home: Path) -> None:
    other = tmp_path / "other"
    for package in ("ml", "warehouse"):
        (other / package).mkdir(parents=True)
        (other / package / "__init__.py").write_text("raise SystemExit('the other one')")
    # Its own folder may be on the path too, as a name or as the folder worked in.
    path = f"{other}::{PROJECT_ROOT}"
    done = subprocess.run(
        [*REE, "predict", "none.csv", "-o", "none.csv", "-f", "none.duckdb"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "there is no published file here" in done.stderr, done.stderr

    machine = Machine(tmp_path / "ree", home)
    assert machine.make("env", PYTHONPATH=str(other)).returncode == 0
    assert all("path= " in call for call in machine.calls())


def test_a_folder_with_a_blank_and_a_quote_is_set_up_once(tmp_path: Path, home: Path) -> None:
    machine = Machine(tmp_path / "it's ree" / "ware house", home)
    assert machine.make("env").returncode == 0
    assert len(machine.calls()) == 3
    again = machine.make("env")
    assert "Nothing to be done" in again.stdout
    assert machine.calls() == []


def test_an_environment_that_was_moved_is_made_again(tmp_path: Path, home: Path) -> None:
    machine = Machine(tmp_path / "before", home)
    machine.make("env")
    machine.calls()
    machine.folder = machine.folder.rename(tmp_path / "after")
    assert machine.make("env").returncode == 0
    assert machine.calls()[0].startswith("venv --quiet --clear")


@pytest.mark.parametrize("home_exists", [True, False])
def test_the_cache_of_packages_is_in_the_project_where_home_cannot_be_written(
    tmp_path: Path, home: Path, home_exists: bool
) -> None:
    machine = Machine(tmp_path / "ree", home)
    if not home_exists:
        machine.home = Path("/dev/null/home")
    assert machine.make("env").returncode == 0
    expected = "" if home_exists else f"{machine.folder}/.uv/cache"
    assert {call.partition("cache=")[2] for call in machine.calls()} == {expected}


@pytest.mark.parametrize(("version", "is_used"), [("0.9.0", True), ("0.13.9", True), ("0.4.30", False)])
def test_a_uv_too_old_is_left_alone(tmp_path: Path, home: Path, version: str, is_used: bool) -> None:
    machine = Machine(tmp_path / "ree", home, version)
    recipe = machine.make("--dry-run", "env").stdout
    assert ("|| uv venv" in recipe) == is_used
    assert ("|| .uv/bin/uv venv" in recipe) != is_used


def test_a_python_too_old_is_refused_in_one_sentence(tmp_path: Path, home: Path) -> None:
    machine = Machine(tmp_path / "ree", home)
    old = machine.bin / "python3"
    pretend = "import sys; sys.version_info = (3, 10, 9); exec(sys.argv[1])"
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{pretend}' \"$2\"\n")
    old.chmod(0o755)
    outcome = machine.make("env")
    assert outcome.returncode != 0
    assert f"Python 3.11, 3.12 or 3.13 is needed, and {sys.executable} is 3.10" in outcome.stderr
    assert machine.calls() == []
