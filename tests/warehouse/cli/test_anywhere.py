"""Every command in every hostile situation: an answer or a sentence, and never a traceback.

A command that fails otherwise than in a sentence raises here, as it runs in this process.
"""

from __future__ import annotations

import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from ml import OXIDES
from tests.shared_build import trained_with
from tests.terminal import Done, ree
from warehouse.build.request import BuildRequest
from warehouse.build.run import BuildSummary
from warehouse.cli.app import app
from warehouse.cli.common import panel

pytestmark = pytest.mark.slow(
    "no command answers with a traceback, in whatever folder and with whatever file"
)

FILE = "{file}"
COMMANDS = {
    "query": ("query", "select project_name from marts.dim_projects", "-f", FILE),
    "query as CSV": ("query", "select company_name from marts.dim_companies", "--format", "csv", "-f", FILE),
    "query --describe": ("query", "--describe", "dim_projects", "-f", FILE),
    "show": ("show", "Mount Weld", "-f", FILE),
    "dictionary": ("dictionary", "-f", FILE, "-o", "{out}/d.md"),
    "accounting": ("accounting", "-f", FILE, "-o", "{out}/a.md"),
    "docs": ("docs", "-f", FILE),
    "report": ("report", "-f", FILE, "-o", "{out}/site"),
    "fingerprint": ("fingerprint", "-f", FILE),
    "build --force": ("build", "--force", "--no-docs", "--output", FILE),
    "build": ("build", "--no-docs", "--output", FILE),
    "check": ("check", "-f", FILE),
    "study": ("study", "-f", FILE),
    "export": ("export", "{out}/export", "--schema", "quality", "--format", "csv", "-f", FILE),
    "predict": ("predict", "sites.csv", "-f", FILE, "-o", "{out}/p.csv"),
    "scenario": ("scenario", "demand.csv", "-f", FILE, "-o", "{out}/s"),
    "superset-bundle": ("superset-bundle", "-f", FILE, "--on-server", "/r.duckdb", "-o", "{out}/s.zip"),
    "diff": ("diff", FILE, FILE, "--table", "dim_oxides"),
    "pages": ("pages", "docs/accounting.md", "-f", FILE, "-o", "{out}"),
    "propose-mappings": ("propose-mappings", "-f", FILE, "-o", "{out}/m.csv"),
}
# These read no table of the published file; seal writes into the project.
WITHOUT_FILE = {"rollback", "seal", "version"}
# These write a file; the others with -o make a folder.
WRITING = ("dictionary", "accounting", "predict", "superset-bundle", "propose-mappings")
INTO_A_FOLDER = ("report", "export", "scenario", "pages")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("what? now #1 é' [x]")
    (place / "sites.csv").write_text("site,deposit_type\nMount Weld,carbonatite\nÜrümqi ı,placer\n", "utf-8")
    (place / "demand.csv").write_text("item,year,demand_t\nNd2O3,2030,100\n")
    return place


def words(name: str, file: str, out: str = "out") -> list[str]:
    return [word.replace(FILE, file).replace("{out}", out) for word in COMMANDS[name]]


def said(done: Done, name: str) -> str:
    """The one sentence a command failed with."""
    assert done.returncode in (1, 2), (name, done.stdout, done.stderr)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("…")]
    assert len(lines) == 1, (name, done.stderr)
    assert "report this as a defect" not in lines[0]
    return lines[0]


def test_every_command_is_in_the_matrix() -> None:
    named = {call[0] for call in COMMANDS.values()}
    assert named | WITHOUT_FILE == set(typer.main.get_command(app).commands)


def write_page(dbt: object, database: Path, work_dir: Path) -> Path:
    page = work_dir / "page.html"
    page.write_text("<html></html>")
    return page


def equal_shares(published: Path, sites: pd.DataFrame) -> pd.DataFrame:
    assert published.is_absolute()
    frame = pd.DataFrame(
        [(row, oxide) for row in range(len(sites)) for oxide in OXIDES], columns=["row", "oxide"]
    )
    ends = dict.fromkeys(("lower_80_pct", "upper_80_pct", "lower_90_pct", "upper_90_pct"), 100 / 15)
    return frame.assign(predicted_pct=100 / 15, **ends, is_extrapolated=False, mineral_basis="none")


# A whole build takes minutes, and is one like the other.
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "build --force"])
def test_a_renamed_file_by_a_relative_path_in_an_odd_folder_on_a_terminal_of_few_signs(
    built: BuildSummary, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """All at once: what fails in one of them fails here."""
    file = folder / "data" / "marts.duckdb"
    if not file.exists():
        file.parent.mkdir()
        (folder / "out").mkdir()
        shutil.copyfile(built.output, file)
        shutil.copyfile(f"{built.output}.sha256", f"{file}.sha256")
    request = partial(BuildRequest, settings=trained_with(built.output))
    monkeypatch.setattr("warehouse.build.request.BuildRequest", request)
    # Seconds of dbt and training: test_current.py and test_predict_command.py have them in such a folder.
    monkeypatch.setattr("warehouse.build.docs.make_docs", write_page)
    monkeypatch.setattr("ml.predict_sites", equal_shares, raising=False)
    monkeypatch.setattr("ml.train_studies", lambda *_, **__: {"model_runs": pd.DataFrame()}, raising=False)

    done = ree(*words(name, "data/marts.duckdb"), cwd=folder, encoding="latin-1")

    assert done.returncode == 0, (name, done.stderr)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("foreign")
    made = {name: place / name for name in ("a text.csv", "empty.duckdb", "folder.duckdb", "other.duckdb")}
    made["a text.csv"].write_text("a,b\n1,2\n")
    made["empty.duckdb"].touch()
    made["folder.duckdb"].mkdir()
    with duckdb.connect(str(made["other.duckdb"])) as connection:
        connection.execute("create table t as select 1 as a")
    return made


@pytest.mark.parametrize("kind", ["a text.csv", "empty.duckdb", "folder.duckdb", "other.duckdb"])
def test_a_file_of_another_kind_is_one_sentence_and_stays(
    foreign: dict[str, Path], folder: Path, kind: str
) -> None:
    file = foreign[kind]
    before = file.read_bytes() if file.is_file() else None
    for name in COMMANDS:
        sentence = said(ree(*words(name, str(file)), cwd=folder), name)
        assert str(file) in sentence, (name, sentence)
        assert (file.read_bytes() if file.is_file() else None) == before
    assert [made.name for made in file.parent.iterdir() if made.name.startswith((".build-", "docs"))] == []


@pytest.fixture(scope="module")
def locked(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    file = tmp_path_factory.mktemp("locked") / "ree.duckdb"
    shutil.copyfile(built.output, file)
    hold = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print(1, flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"1\n"
    yield file, holder.pid
    holder.communicate()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_open_for_writing_elsewhere_is_named_with_its_holder(
    locked: tuple[Path, int], folder: Path, name: str
) -> None:
    file, holder = locked
    sentence = said(ree(*words(name, str(file)), cwd=folder), name)
    assert f"(process {holder}) has it open for writing; close it there" in sentence, (name, sentence)


def test_a_folder_where_a_file_is_written_and_a_file_where_a_folder_is(
    built: BuildSummary, tmp_path: Path, folder: Path
) -> None:
    for place in ("d.md", "a.md", "p.csv", "s.zip", "m.csv"):
        (tmp_path / place).mkdir()
    for place in ("site", "export", "s"):
        (tmp_path / place).write_text("mine")
    for name in (*WRITING, *INTO_A_FOLDER):
        out = tmp_path if name != "pages" else tmp_path / "s"
        sentence = said(ree(*words(name, str(built.output), str(out)), cwd=folder), name)
        assert name not in WRITING or "this is a folder; name a file in it" in sentence, (name, sentence)
    assert {place.read_text() for place in tmp_path.iterdir() if place.is_file()} == {"mine"}
    assert not any(any(place.iterdir()) for place in tmp_path.iterdir() if place.is_dir())


@pytest.mark.parametrize("where", [".", "data", "out"])
def test_relative_paths_are_meant_from_the_folder_worked_in(
    built: BuildSummary, tmp_path: Path, where: str
) -> None:
    for place in ("data", "out"):
        (tmp_path / place).mkdir()
    (tmp_path / "data" / "ree.duckdb").symlink_to(built.output)
    started = tmp_path / where
    file, out = (os.path.relpath(tmp_path / name, started) for name in ("data/ree.duckdb", "out"))
    for name in ("query", "dictionary", "propose-mappings"):
        done = ree(*words(name, file, out), cwd=started)
        assert (done.returncode, done.stderr) == (0, ""), name
    assert sorted(made.name for made in (tmp_path / "out").iterdir()) == ["d.md", "m.csv"]


def test_paths_reach_every_command_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered = [c for group in app.registered_groups for c in group.typer_instance.registered_commands]
    assert registered
    for command in registered:
        # Made by `panel`, which sees to it.
        assert inspect.unwrap(command.callback) is not command.callback, command.name

    one, seen = typer.Typer(), []

    @panel(one, "Ask")("any")
    def any_command(first: Path, second: Path | None = None, third: Path = Path("-"), text: str = "") -> None:
        seen.extend([first, second, third, text])

    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert CliRunner().invoke(one, ["link", "--text", "a/b"]).exit_code == 0
    assert seen == [tmp_path / "link", None, Path("-"), "a/b"]
