from __future__ import annotations

import json
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import typer

from tests.terminal import REE, ree, ree_on_terminal, ree_process
from warehouse import __version__
from warehouse.build.run import BuildSummary
from warehouse.cli.app import GUIDE, app
from warehouse.file.query import connect


def test_query_prints_a_table(built: BuildSummary) -> None:
    sql = "select continent, projects from marts.rpt_projects_by_continent order by 2 desc limit 1"
    done = ree("query", sql, "--file", str(built.output))

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].split() == ["Australia", "│", "40"]
    assert "\x1b[" not in done.stdout


def test_query_writes_csv_json_and_parquet(built: BuildSummary, tmp_path: Path) -> None:
    sql = "select company_id, company_name from marts.dim_companies order by 1"
    query = ("query", sql, "--file", str(built.output), "--format")
    text = ree(*query, "csv")
    (tmp_path / "c.csv").write_text(text.stdout, encoding="utf-8")
    from_csv = pd.read_csv(tmp_path / "c.csv", keep_default_na=False)
    from_json = json.loads(ree(*query, "json").stdout)
    with (tmp_path / "c.parquet").open("wb") as handle:
        subprocess.run([*REE, *query, "parquet"], stdout=handle, check=True)
    from_parquet = pd.read_parquet(tmp_path / "c.parquet")

    assert len(from_csv) > 90
    assert from_csv.to_dict("records") == from_json == from_parquet.to_dict("records")


def test_a_process_says_and_returns_what_the_entry_point_does(built: BuildSummary) -> None:
    file = ("--file", str(built.output))
    for arguments, code in (
        (("query", "select 1 as one", "--format", "csv", *file), 0),
        (("query", "select nonsense", *file), 1),
        (("query", "select nonsense", "--json", *file), 1),
        (("query", "select 1", "--no-such-option"), 2),
    ):
        piped, called = ree_process(*arguments), ree(*arguments)

        assert (piped.returncode, piped.stdout, piped.stderr) == (code, called.stdout, called.stderr)
        assert called.returncode == code


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select nonsense from marts.dim_oxides", "nonsense"),
        ("drop table marts.dim_oxides", "read-only"),
    ],
)
def test_a_wrong_or_writing_query_is_one_sentence(built: BuildSummary, sql: str, words: str) -> None:
    done = ree("query", sql, "--file", str(built.output))

    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    done = ree("query", "select 1", "--file", str(tmp_path / "none.duckdb"))

    assert done.returncode == 1
    assert "run `make build` first" in done.stderr


def test_a_missing_sources_folder_says_what_to_do(tmp_path: Path) -> None:
    done = ree("build", "--sources", str(tmp_path / "gone"), "--output", str(tmp_path / "ree.duckdb"))

    assert done.returncode == 1
    assert "correct --sources" in done.stderr


def test_check_tells_every_verdict(built: BuildSummary) -> None:
    done = ree("check", "--file", str(built.output), "--json")
    verdicts = json.loads(done.stdout)

    assert done.returncode == 0
    assert {verdict["outcome"] for verdict in verdicts} == {"pass"}
    gates = Counter(verdict["gate"] for verdict in verdicts)
    assert gates["transform"] == tests_of(built)
    assert min(gates["loaded"], gates["published"]) >= 4


def tests_of(built: BuildSummary) -> int:
    """Count the tests of dbt that the build recorded."""
    with connect(built.output) as connection:
        (count,) = connection.execute(
            "select count(*) from quality.check_results where gate = 'transform'"
        ).fetchone() or (0,)
    assert count > 1000
    return int(count)


def test_check_hides_nothing_the_build_recorded(built: BuildSummary, tmp_path: Path) -> None:
    file = tmp_path / "ree.duckdb"
    shutil.copyfile(built.output, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update quality.check_results set outcome = 'fail', observed = '3 failing rows' "
            "where \"check\" = 'hree_equals_sum_of_heavy_shares'"
        )

    done = ree("check", "--file", str(file))

    assert done.returncode == 1
    tests = tests_of(built)
    assert f"✗ transform  {tests - 1} of {tests} checks passed" in done.stdout
    assert "✗ transform  hree_equals_sum_of_heavy_shares  3 failing rows" in done.stdout
    assert "✓ loaded  " in done.stdout
    assert "✓ published  project rows carried" in done.stdout
    assert "ree.duckdb: 1 of " in done.stdout


def test_version_names_what_is_installed() -> None:
    told = json.loads(ree("version", "--json").stdout)

    assert told.pop("ree-warehouse") == __version__
    assert told.pop("python") == platform.python_version()
    assert {"duckdb", "dbt-core"} <= set(told)
    assert told == {name: version(name) for name in told}


GROUP = typer.main.get_command(app)
EXAMPLES = [
    (name, shlex.split(line.split("Example: ", 1)[1]))
    for name, command in GROUP.commands.items()
    for line in (command.help or "").splitlines()
    if line.strip().startswith("Example: ")
]
# These write into the project, take long, or are run by other tests: here they are only parsed.
RUN_ELSEWHERE = {
    "build",
    "check",
    "diff",
    "docs",
    "fingerprint",
    "pages",
    "predict",
    "report",
    "scenario",
    "seal",
    "study",
}


def test_help_lists_every_command_in_its_panel() -> None:
    done = ree("--help", COLUMNS="200")
    _, *parts = re.split(r"╭─ (\w+) ─+╮", done.stdout.split("A first hour")[0])
    shown = {
        panel: set(re.findall(r"^│ ([a-z][\w-]*) ", text, re.MULTILINE))
        for panel, text in zip(parts[::2], parts[1::2], strict=True)
        if panel != "Options"
    }

    assert done.returncode == 0
    assert list(shown) == ["Build", "Ask", "Use", "Maintain"]
    assert {name: panel for panel, names in shown.items() for name in names} == {
        name: command.rich_help_panel for name, command in GROUP.commands.items()
    }


def test_what_the_first_hour_calls_can_be_called() -> None:
    calls = [shlex.split(call) for call in re.findall(r"\[cyan\]ree ([^A-Z\]][^\]]*)\[/cyan\]", GUIDE)]

    assert len(calls) > 5
    for name, *words in calls:
        if not name.startswith("--"):
            GROUP.commands[name].make_context(name, words)


def test_a_start_is_fast() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, warehouse.cli.app; print(*sys.modules)"],
        capture_output=True,
        text=True,
    )
    # What makes a start slow, whatever machine this is.
    assert not {"duckdb", "pandas", "sklearn", "sqlalchemy", "dbt", "tensorflow"} & set(loaded.stdout.split())


def test_every_command_has_an_example_and_stands_in_a_group() -> None:
    assert {name for name, _ in EXAMPLES} == set(GROUP.commands)
    assert all(command.rich_help_panel for command in GROUP.commands.values())


@pytest.mark.parametrize(("name", "words"), EXAMPLES, ids=[" ".join(words) for _, words in EXAMPLES])
def test_the_examples_work(built: BuildSummary, tmp_path: Path, name: str, words: list[str]) -> None:
    assert words[:2] == ["ree", name]
    command = GROUP.commands[name]
    # Parsing fails on an option that does not exist.
    command.make_context(name, list(words[2:]), resilient_parsing=False)
    if name in RUN_ELSEWHERE:
        return
    takes_file = any("--file" in option.opts for option in command.params)
    file = ["--file", str(built.output)] if takes_file else []
    done = ree(*words[1:], *file, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    wanted = words[words.index("--output") + 1] if "--output" in words else None
    assert done.stdout if wanted is None else (tmp_path / wanted).stat().st_size


def test_a_page_goes_to_the_standard_output_by_default_and_for_a_dash(built: BuildSummary) -> None:
    page = ("dictionary", "--file", str(built.output))
    plain, dash = ree(*page), ree(*page, "--output", "-")

    assert plain.stdout == dash.stdout
    assert plain.stdout.startswith("# ")


def test_failures_are_json_where_results_are(built: BuildSummary) -> None:
    file = ("--file", str(built.output))
    for arguments in (("show", "Mont Wld", "--json"), ("query", "select nonsense", "--format", "json")):
        done = ree(*arguments, *file)
        error = json.loads(done.stderr)["error"]

        assert done.returncode == 1
        assert done.stdout == ""
        assert error["message"] == f"{error['problem']}; {error['remedy']}."


def test_a_failed_gate_is_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from warehouse.cli.console import print_error
    from warehouse.errors import GateFailedError

    print_error(GateFailedError("loaded", ["a is wrong.", "b is wrong."]), as_json=True)

    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["gate"], error["sentences"]) == ("loaded", ["a is wrong.", "b is wrong."])


def test_statements_come_from_a_text_the_input_or_a_file(built: BuildSummary, tmp_path: Path) -> None:
    file = ("--file", str(built.output), "--json")
    sql = "select count(*) as plants from marts.dim_plants"
    (tmp_path / "plants.sql").write_text(sql, encoding="utf-8")
    answers = [
        ree("query", sql, *file),
        ree("query", "-", *file, text_in=sql),
        ree("query", "--sql-file", str(tmp_path / "plants.sql"), *file),
    ]

    assert [json.loads(done.stdout) for done in answers] == [[{"plants": 67}]] * 3
    for arguments in ((), (sql, "--sql-file", str(tmp_path / "plants.sql")), ("--sql-file", "none.sql")):
        done = ree("query", *arguments, *file)
        assert done.returncode == 1
        assert "--sql-file" in json.loads(done.stderr)["error"]["remedy"]


def test_describe_tells_grain_key_and_every_column(built: BuildSummary) -> None:
    file = ("--file", str(built.output))
    found = json.loads(ree("query", "--describe", "composition_best", "--json", *file).stdout)
    shown = ree("query", "--describe", "marts.composition_best", *file).stdout

    assert found["key"] == ["project_id", "oxide"]
    assert found["rows"] == 146 * 15
    assert found["grain"].startswith("One row per project and oxide")
    assert all(column["description"] for column in found["columns"])
    assert {column["unit"] for column in found["columns"]} == {"% of TREO", None}
    assert all(column["column"] in shown and column["description"] in shown for column in found["columns"])
    assert f"{found['rows']} rows" in shown


def test_describe_names_what_comes_near(built: BuildSummary) -> None:
    done = ree("query", "--describe", "dim_oxydes", "--file", str(built.output))

    assert done.returncode == 1
    assert "near are marts.dim_oxides" in done.stderr


COLOUR = "\x1b[3"


def test_colours_show_on_a_terminal_alone(built: BuildSummary) -> None:
    show = ("show", "p25", "--file", str(built.output))

    assert COLOUR in ree_on_terminal(*show)
    assert COLOUR not in ree_on_terminal(*show, NO_COLOR="1")
    assert "\x1b[" not in ree(*show).stdout


def test_a_long_table_is_paged_on_a_terminal_and_whole(built: BuildSummary, tmp_path: Path) -> None:
    paged = tmp_path / "paged.txt"
    pager = f"{sys.executable} -c \"import sys; open({str(paged)!r}, 'w').write(sys.stdin.read())\""
    query = ("query", "select project_id from marts.dim_projects", "--file", str(built.output))

    on_screen = ree_on_terminal(*query, PAGER=pager)
    assert on_screen.strip() == ""
    assert paged.read_text(encoding="utf-8").count("liu2023-p") == 146

    paged.unlink()
    assert ree_on_terminal(*query, "--no-pager", PAGER=pager).count("liu2023-p") == 146
    assert ree_on_terminal(*query, rows=200, PAGER=pager).count("liu2023-p") == 146
    assert ree(*query, PAGER=pager).stdout.count("liu2023-p") == 146
    assert not paged.exists()


def test_a_pager_that_is_not_there_or_left_early_loses_nothing(built: BuildSummary) -> None:
    query = ("query", "select a.project_id from marts.composition_best as a", "--file", str(built.output))

    assert ree_on_terminal(*query, PAGER="no-such-pager").count("liu2023-p") == 146 * 15
    assert "Traceback" not in ree_on_terminal(*query, PAGER="true")
