"""Questions to the published file: under any name, and with nothing but an answer to show for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.terminal import REE, ree
from warehouse.build.run import BuildSummary
from warehouse.errors import ReeError
from warehouse.file.format import Format
from warehouse.file.query import Limits, ask, connect
from warehouse.file.streaming import stream


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one mart, under the name of a schema."""
    file = tmp_path_factory.mktemp("query") / "marts.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.marts.t as select 1 as a")
    return file


@pytest.mark.parametrize(
    "sql",
    [
        "copy marts.t to '{folder}/out.csv'",
        "copy (select 1) to '/dev/stdout'",
        "export database '{folder}/out'",
        "import database '{folder}'",
        "attach '{folder}/other.duckdb'",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/etc/*')",
        "from '/etc/passwd'",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "pragma threads = 1",
        "use memory",
        "create table marts.u as select 1",
        "create temp table u as select 1",
        "create table memory.main.u as select 1",
        "insert into marts.t values (2)",
        "drop table marts.t",
        "select 1; select 2",
        "select 1; copy marts.t to '{folder}/out.csv'",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_the_file_is_read_and_nothing_is_written(small: Path, tmp_path: Path, sql: str) -> None:
    with pytest.raises(ReeError):
        ask(small, sql.format(folder=tmp_path))

    assert list(tmp_path.iterdir()) == []
    assert ask(small, "select a from marts.t").rows == [(1,)]


@pytest.mark.parametrize(
    "sql", ["describe marts.t", "show all tables", "explain select 1", "summarize marts.t"]
)
def test_what_only_asks_is_answered(small: Path, sql: str) -> None:
    assert len(ask(small, sql).rows) > 0


def test_an_endless_question_is_stopped(small: Path) -> None:
    endless = "with recursive t as (select 1 as a union all select a + 1 from t) select count(*) from t"
    began = time.monotonic()
    with pytest.raises(ReeError, match=r"more than 0\.5 s and was stopped; .*--timeout"):
        ask(small, endless, Limits(seconds=0.5))
    assert time.monotonic() - began < 30


def test_a_question_that_needs_more_memory_than_it_may_use_is_refused(small: Path) -> None:
    large = "select list(a) from range(20000000) as r(a)"
    with pytest.raises(ReeError, match=r"more than 50MB of memory; .*--memory"):
        ask(small, large, Limits(memory="50MB"))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda file: file.write_text("hello"), "this is not a DuckDB file"),
        (lambda file: duckdb.connect(str(file)).close(), "not one that `ree build` made"),
        (lambda file: file.mkdir(), "there is no published file here"),
        (lambda file: None, "there is no published file here"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, make, sentence: str) -> None:
    make(tmp_path / "ree.duckdb")
    with pytest.raises(ReeError, match=sentence):
        connect(tmp_path / "ree.duckdb")


def test_a_file_that_another_program_writes_to_is_named_with_the_program(tmp_path: Path) -> None:
    file = tmp_path / "ree.duckdb"
    hold = (
        f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(
            ReeError, match=rf"python.* \(process {holder.pid}\) has it open for writing; close"
        ):
            connect(file)
    finally:
        holder.communicate()


def test_long_results_come_in_pieces_and_whole(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select a, a / 7 as b, 'x[y]' as c from range(300000) as r(a)"
    stream(small, sql, Format.csv)
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1].split(",")[0], len(lines)) == ("a,b,c", "299999", 300_001)
    stream(small, sql, Format.json)
    rows = json.loads(capsys.readouterr().out)
    assert rows[299_999] == {"a": 299_999, "b": 299_999 / 7, "c": "x[y]"}
    assert len(rows) == 300_000


def test_an_empty_result_has_its_names_and_is_json(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream(small, "select 1 as a where false", Format.csv)
    assert capsys.readouterr().out == "a\n"
    stream(small, "select 1 as a where false", Format.json)
    assert json.loads(capsys.readouterr().out) == []


def test_small_numbers_times_and_infinity_survive_json(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stream(small, "select 1e-12::double as s, date '2026-01-02' as d, 'inf'::double as i", Format.json)
    assert json.loads(capsys.readouterr().out) == [{"s": 1e-12, "d": "2026-01-02", "i": None}]


def test_cells_reach_the_terminal_as_text(small: Path) -> None:
    done = ree("query", "select '5 [red]kt[/red]' || chr(27) || '[31m' as \"a [b]\"", "--file", str(small))
    assert done.stdout.splitlines()[0].strip() == "a [b]"
    assert done.stdout.splitlines()[-1].strip() == r"5 [red]kt[/red]\x1b[31m"


def test_a_terminal_of_few_signs_shows_codes_and_data_stay_utf_8(small: Path) -> None:
    query = [*REE, "query", "select 'ıü' as a", "--file", str(small)]
    latin = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    shown = subprocess.run(query, capture_output=True, env=latin, check=True).stdout
    data = subprocess.run([*query, "--format", "csv"], capture_output=True, env=latin, check=True).stdout
    assert shown.decode("latin-1").splitlines()[-1].strip() == r"\u0131ü"
    assert data.decode("utf-8") == "a\nıü\n"


def test_commands_work_on_a_file_that_is_named_like_a_schema(built: BuildSummary, tmp_path: Path) -> None:
    name = "marts.duckdb"
    file = tmp_path / name
    shutil.copyfile(built.output, file)
    sites = tmp_path / "sites.csv"
    sites.write_text("site,deposit_type\nMount Weld,carbonatite\n")
    (tmp_path / "out").mkdir()
    for command in (
        ("query", "select count(*) from marts.dim_projects", "-f", name),
        ("query", "--describe", "dim_projects", "-f", name),
        ("show", "Mount Weld", "-f", name),
        ("accounting", "-f", name),
        ("predict", "sites.csv", "-o", "out/p.csv", "-f", name),
    ):
        done = ree(*command, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), (command, done.stderr)
    assert len(pd.read_csv(tmp_path / "out" / "p.csv")) == 15
