"""What the reference study was made on comes in the order of the dataset, or not at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from ml.oxides import OXIDES
from ml.store.marts import REFERENCE_COLUMNS, open_file, read_reference_inputs


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ree.duckdb"
    texts = {"project_id", "location_as_published", "status_as_published"}
    columns = ", ".join(
        f"{name} {'varchar' if name in texts or 'as_published' in name else 'double'}"
        for name in REFERENCE_COLUMNS
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(f"create table intermediate.int_reference_study_inputs ({columns})")
        for project, share in (("b", 2.0), ("a", None)):
            cells = [project, f"in {project}", None, "clay", "4", 7.5, *[share] * len(OXIDES)]
            marks = ", ".join("?" * len(cells))
            connection.execute(f"insert into intermediate.int_reference_study_inputs values ({marks})", cells)
    return path


def test_rows_come_in_the_order_of_the_dataset(file: Path) -> None:
    found = read_reference_inputs(open_file(file), np.array(["b", "a"], dtype=object))
    assert found is not None
    assert found["location"].tolist() == ["in b", "in a"]
    assert found["continent"].tolist() == [None, None]
    assert found["La2O3"].iloc[0] == 2.0
    assert found[list(OXIDES)].iloc[1].isna().all()
    assert (found[list(OXIDES)].dtypes == "float64").all()


def test_inputs_of_other_projects_are_left_alone(file: Path, tmp_path: Path) -> None:
    assert read_reference_inputs(open_file(file), np.array(["a", "c"], dtype=object)) is None
    with duckdb.connect(str(tmp_path / "empty.duckdb")):
        pass
    assert read_reference_inputs(open_file(tmp_path / "empty.duckdb"), np.array(["a"], dtype=object)) is None
