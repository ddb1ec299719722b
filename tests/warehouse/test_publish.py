"""A published file is what the build made, whatever another program left beside the old one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.publish import is_as_published, publish, work_folder


def make(file: Path, value: int) -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create table t as select {value} as a from range(3)")
    return file


def die_writing(file: Path, statement: str) -> None:
    """Change the file in a process that dies before the engine puts its log into the file."""
    code = f"import duckdb, os; c = duckdb.connect({str(file)!r}); c.execute({statement!r}); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9


@pytest.mark.parametrize(
    "statement",
    ["update t set a = 99", "delete from t", "create table u as select 1 as b", "drop table t"],
)
def test_a_log_left_beside_the_old_file_is_never_replayed_into_the_new_one(
    tmp_path: Path, statement: str
) -> None:
    output = make(tmp_path / "ree.duckdb", 1)
    die_writing(output, statement)
    assert (tmp_path / "ree.duckdb.wal").stat().st_size > 0
    (tmp_path / "aside").mkdir()

    logs = publish(make(tmp_path / "aside" / "ree.duckdb", 2), output)

    with duckdb.connect(str(output)) as connection:
        assert connection.execute("select a from t").fetchall() == [(2,)] * 3
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == [("t",)]
    assert [log.name for log in logs] == ["ree.duckdb.wal.left-1"]
    assert logs[0].stat().st_size > 0


def test_each_log_has_a_name_of_its_own_and_the_file_behind_a_link_is_meant(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    output = make(tmp_path / "real" / "r.duckdb", 1)
    link = tmp_path / "link.duckdb"
    link.symlink_to(output)
    (tmp_path / "real" / "r.duckdb.wal.left-1").touch()
    die_writing(output, "delete from t")
    assert not is_as_published(link)

    logs = publish(make(tmp_path / "new.duckdb", 2), link)

    assert [log.name for log in logs] == ["r.duckdb.wal.left-2"]
    assert link.is_symlink()
    assert is_as_published(link)
    assert publish(make(tmp_path / "again.duckdb", 3), link) == []


@pytest.mark.parametrize("name", ["plain", "what? now #1 é'"])
def test_the_engine_can_write_in_the_folder_of_a_build_whatever_is_above_it(
    tmp_path: Path, name: str
) -> None:
    output = tmp_path / name / "ree.duckdb"
    with work_folder(output) as folder:
        publish(make(folder / "ree.duckdb", 2), output)
    assert not folder.exists()
    assert [file.name for file in output.parent.iterdir() if file.suffix == ".duckdb"] == ["ree.duckdb"]
    assert is_as_published(output)
    with duckdb.connect(str(output), read_only=True) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (3,)
