"""Small made-up projects, and a database of marts made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from ml import RunSummary, run
from ml.dataset import Dataset, build_dataset
from ml.oxides import OXIDES, close
from ml.settings import Settings
from ml.store.marts import MARTS
from ml.store.tables import KEPT

TINY = Settings(
    members=4,
    grid_widths=((8, 4), (4, 2)),
    grid_weight_decays=(3.0,),
    grid_steps=((0.01, 20),),
    grid_bags=1,
    grid_kept=1,
    folds=3,
    inner_folds=2,
    grouped_repeats=1,
    random_repeats=1,
    trees=5,
    bootstrap_draws=20,
    min_training_sites=6,
)

FAMILIES = ("carbonatite", "granite", "placer", None)
MEASURED, UNMEASURED = 24, 5

Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def tiny() -> Settings:
    """Settings that train in a moment."""
    return TINY


@pytest.fixture
def marts() -> Frames:
    """24 measured projects on 12 sites, 5 unmeasured, 1 partly reported, and one suspect zero."""
    return made_up_marts()


def made_up_marts() -> Frames:
    """Make the frames of `marts` again, equal every time."""
    generator = np.random.default_rng(5)
    count = MEASURED + UNMEASURED + 1
    family = generator.integers(0, 3, size=count)
    projects = pd.DataFrame(
        {
            "project_id": [f"made-p{number:03d}" for number in range(count)],
            "site_id": [f"site-{number // 2}" for number in range(count)],
            "deposit_type_id": [f"type-{kind}" for kind in family],
            "resource_treo_t": 10.0 ** generator.uniform(3, 7, count),
            "grade_treo_wt_pct": 10.0 ** generator.uniform(-1, 1, count),
            "hree_reported_pct": None,
            "has_full_composition": np.arange(count) < MEASURED,
        }
    )
    projects.loc[[3, 25], "grade_treo_wt_pct"] = np.nan
    projects.loc[26, "deposit_type_id"] = "type-3"
    types = pd.DataFrame(
        {
            "deposit_type_id": [f"type-{kind}" for kind in range(len(FAMILIES))],
            "deposit_family": list(FAMILIES),
            "is_tailings": [False, False, True, False],
        }
    )
    level = generator.uniform(0.1, 3.0, size=(3, len(OXIDES)))
    shares = close(level[family] * generator.uniform(0.8, 1.2, size=(count, len(OXIDES))))
    return {
        "dim_projects": projects,
        "dim_deposit_types": types,
        "fct_compositions": _compositions(projects, shares),
        "fct_project_minerals": _minerals(projects["project_id"]),
        "dim_sites": _sites(projects),
        "fct_site_minerals": _minerals(projects["project_id"])
        .assign(site_id=lambda rows: rows["project_id"].str.replace("made-p", "other-"))
        .drop(columns="project_id"),
        "fct_mineral_label_variants": pd.DataFrame(
            {
                "variant": ["doubtful", "doubtful", "unread"],
                "project_id": ["made-p001", "made-p025", "made-p002"],
                "mineral": ["xenotime", "xenotime", None],
                "mineral_group": ["xenotime_yttrium", "xenotime_yttrium", None],
            }
        ),
    }


def _sites(projects: pd.DataFrame) -> pd.DataFrame:
    """Make sites like the unmeasured projects, one of which nothing is known, and one of projects."""
    columns = ["deposit_type_id", "resource_treo_t", "grade_treo_wt_pct"]
    like = projects.loc[MEASURED : MEASURED + UNMEASURED - 1, columns]
    alike = like.assign(site_id=projects["project_id"].str.replace("made-p", "other-"))
    unknown = pd.DataFrame({"site_id": ["other-unknown"], "deposit_type_id": ["type-3"]})
    own = pd.DataFrame({"site_id": ["site-12"], "deposit_type_id": ["type-0"]})
    return pd.concat(
        [
            alike.assign(is_in_liu2023=False),
            unknown.assign(is_in_liu2023=False),
            own.assign(is_in_liu2023=True),
        ],
        ignore_index=True,
    )


def _minerals(project_ids: pd.Series) -> pd.DataFrame:
    """Name a host for most projects, and a second one for some; every fifth project is unknown."""
    hosts = [("monazite", "monazite"), ("bastnaesite", "fluorocarbonate"), ("parisite", "fluorocarbonate")]
    rows = []
    for number, project_id in enumerate(project_ids):
        if number % 5 == 4:
            continue
        for rank in range(1, 2 + number % 2):
            mineral, group = hosts[(number + rank) % len(hosts)]
            rows.append((project_id, mineral, rank, group, "stated" if number % 3 else "inferred"))
    return pd.DataFrame(rows, columns=["project_id", "mineral", "rank", "mineral_group", "confidence"])


def _compositions(projects: pd.DataFrame, shares: np.ndarray) -> pd.DataFrame:
    rows = []
    for number, project_id in enumerate(projects["project_id"]):
        for position, oxide in enumerate(OXIDES):
            is_known = number < MEASURED or (number == len(projects) - 1 and position < 4)
            share: float | None = float(shares[number, position]) if is_known else None
            rows.append((project_id, oxide, share, "reported" if is_known else "not_reported"))
    frame = pd.DataFrame(rows, columns=["project_id", "oxide", "share_of_treo_pct", "value_status"])
    frame["source"] = "liu_2023"
    suspect = (frame["project_id"] == "made-p000") & (frame["oxide"] == "Tm2O3")
    frame.loc[suspect, ["share_of_treo_pct", "value_status"]] = [0.0, "zero_suspect"]
    return frame.assign(composition_basis="ore")


@pytest.fixture
def dataset(marts: Frames) -> Dataset:
    """The made-up projects as a dataset."""
    return build_dataset(*(marts[name] for name in MARTS))


@pytest.fixture(scope="session")
def write_marts() -> Callable[[Path, Frames], None]:
    """A function that writes the marts the pipeline reads to a new DuckDB file."""
    return write_marts_to


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunSummary]:
    """A file with the made-up marts on which the pipeline ran once, and what it said."""
    path = tmp_path_factory.mktemp("published") / "ree.duckdb"
    write_marts_to(path, made_up_marts())
    return path, run(path, previous_file=None, settings=TINY)


@pytest.fixture
def taught(published: tuple[Path, RunSummary], monkeypatch: pytest.MonkeyPatch) -> list[Dataset]:
    """Have trainings give the frames of the published run; returns what they were to train on."""
    asked: list[Dataset] = []

    def train(dataset: Dataset, *_: object) -> Frames:
        asked.append(dataset)
        names = [table.name for table in KEPT]
        with duckdb.connect(str(published[0]), read_only=True) as connection:
            return {n: connection.sql(f"select * exclude (model_run_id) from ml.{n}").df() for n in names}

    monkeypatch.setattr("ml.training.train", train)
    return asked


def write_marts_to(path: Path, frames: Frames) -> None:
    """Write the marts the pipeline reads to a new DuckDB file."""
    kinds = {
        "has_full_composition": sa.Boolean,
        "is_tailings": sa.Boolean,
        "is_in_liu2023": sa.Boolean,
        "rank": sa.Integer,
    }
    engine = sa.create_engine(f"duckdb:///{path}")
    metadata = sa.MetaData(schema="marts")
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema("marts"))
        for name, frame in frames.items():
            columns = [
                sa.Column(
                    column,
                    sa.Double if column.endswith(("_pct", "_t")) else kinds.get(column, sa.String),
                )
                for column in frame.columns
            ]
            table = sa.Table(name, metadata, *columns)
            table.create(connection)
            plain = frame.astype(object).where(frame.notna(), None)
            connection.execute(sa.insert(table), plain.to_dict("records"))
    engine.dispose()


@pytest.fixture
def many_projects() -> Dataset:
    """60 measured projects, each its own site, whose family decides most of the composition."""
    count = 60
    generator = np.random.default_rng(11)
    family = np.array(FAMILIES[:3], dtype=object)[generator.integers(0, 3, count)]
    level = {name: generator.uniform(0.1, 3.0, len(OXIDES)) for name in FAMILIES[:3]}
    shares = close(
        np.stack([level[name] for name in family]) * generator.uniform(0.8, 1.2, (count, len(OXIDES)))
    )
    names = np.array([f"made-p{number:03d}" for number in range(count)], dtype=object)
    features = pd.DataFrame(
        {
            "deposit_family": family,
            "is_tailings": False,
            "grade_treo_wt_pct": 10.0 ** generator.uniform(-1, 1, count),
            "resource_treo_t": 10.0 ** generator.uniform(3, 7, count),
            "host_mineral": None,
            "host_group": None,
            "mineral_confidence": None,
        }
    )
    return Dataset(names, names, features, shares, shares, *np.ones((2, count), dtype=bool))
