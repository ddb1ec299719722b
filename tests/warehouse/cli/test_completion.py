"""Completion as the shells ask for it, through the variables typer's scripts set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import ree
from warehouse.build.run import BuildSummary


def complete(line: str, shell: str = "bash") -> list[str]:
    words = line.split(" ")
    asked = {"_REE_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell != "bash":
        asked = {"_REE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
        asked["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    done = ree(**asked)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.fixture
def of_file(built: BuildSummary) -> str:
    return f"--file {built.output}"


def test_commands_complete() -> None:
    assert complete("ree sh") == ["show"]


def test_project_names_and_ids_complete(of_file: str) -> None:
    assert complete(f"ree show {of_file} mount we") == ["weld", "weld Plant"]
    assert "Mount Weld" in complete(f"ree show {of_file} Mou")
    assert complete(f"ree show {of_file} liu2023-p00")[:2] == ["liu2023-p001", "liu2023-p002"]


def test_tables_complete_by_either_part(of_file: str) -> None:
    assert complete(f"ree query {of_file} --describe marts.dim_ox") == ["marts.dim_oxides"]
    assert complete(f"ree query {of_file} --describe dim_ox") == ["dim_oxides"]


def test_other_shells_see_what_an_id_is(of_file: str) -> None:
    assert any("Mount Weld" in line for line in complete(f"ree show {of_file} liu2023-p001", "fish"))


def test_a_missing_file_completes_nothing_in_silence(tmp_path: Path) -> None:
    assert complete(f"ree show --file {tmp_path}/none.duckdb Mou") == []
    assert complete(f"ree query --file {tmp_path}/none.duckdb --describe dim") == []
    assert not (tmp_path / "none.duckdb").exists()


def test_an_installed_completion_works_in_a_real_shell(built: BuildSummary, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("ree")
    home = {**os.environ, "HOME": str(tmp_path)}
    installed = subprocess.run(
        ["bash", "-c", f"{command} --install-completion; exit $?"], env=home, capture_output=True, text=True
    )
    assert installed.returncode == 0, installed.stderr
    words = f"{command} show --file {built.output} Mount"
    script = f"""
        source {tmp_path}/.bashrc
        complete -p ree >&2
        COMP_WORDS=({words}); COMP_CWORD=4
        _ree_completion {command}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], env=home, capture_output=True, text=True, timeout=60)

    assert "_ree_completion" in done.stderr
    assert "Mount Weld" in done.stdout.splitlines()
