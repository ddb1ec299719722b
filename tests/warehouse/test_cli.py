from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from warehouse.build import BuildSummary


def ree(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "warehouse.cli", *arguments], capture_output=True, text=True, timeout=120
    )


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
        subprocess.run([sys.executable, "-m", "warehouse.cli", *query, "parquet"], stdout=handle, check=True)
    from_parquet = pd.read_parquet(tmp_path / "c.parquet")

    assert len(from_csv) > 90
    assert from_csv.to_dict("records") == from_json == from_parquet.to_dict("records")


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
    assert len(verdicts) > 10
    assert {verdict["outcome"] for verdict in verdicts} == {"pass"}


def test_version(built: BuildSummary) -> None:
    assert json.loads(ree("version", "--json").stdout)["ree-warehouse"]
