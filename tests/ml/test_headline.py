"""Errors weighted to the unmeasured projects, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.dataset import Dataset
from ml.judging.headline import BESIDE, headline_metrics, scaled_to_hree
from ml.judging.protocols import PROTOCOL_OF
from ml.oxides import HREE, OXIDES
from ml.settings import CHAMPION, Settings

MEASURED = [
    # site, family, host group, error of every share, the same with the host hidden
    ("a", "granite", "monazite", 1.0, 2.0),
    ("b", "granite", "monazite", 3.0, 4.0),
    ("c", "granite", "xenotime_yttrium", 5.0, 9.0),
    ("d", "placer", "monazite", 7.0, 8.0),
]
UNMEASURED = [
    ("granite", "monazite"),  # its own cell: (1 + 9) / 2
    ("placer", "xenotime_yttrium"),  # no such cell, so its host group: 25
    ("placer", None),  # no such cell, so its family: 49
    (None, None),  # nothing: all
]
ALL = (1 + 9 + 25 + 49) / 4


@pytest.fixture
def projects() -> Dataset:
    rows = [*[row[:3] for row in MEASURED], *[(f"u{n}", *row) for n, row in enumerate(UNMEASURED)]]
    known = np.arange(len(rows)) < len(MEASURED)
    shares = np.where(known[:, None], np.full(len(OXIDES), 100.0 / len(OXIDES)), np.nan)
    texts = pd.DataFrame(rows, columns=["site", "family", "host"], dtype=object)
    texts = texts.where(texts.notna(), None)
    features = pd.DataFrame(
        {
            "deposit_family": texts["family"],
            "is_tailings": False,
            "grade_treo_wt_pct": 1.0,
            "resource_treo_t": 1.0,
            "host_mineral": texts["host"],
            "host_group": texts["host"],
            "mineral_confidence": texts["host"].map(lambda host: host and "stated"),
        }
    )
    sites = texts["site"].to_numpy()
    return Dataset(sites, sites, features, shares, shares, known, known)


def figures(projects: Dataset) -> dict[tuple[str, str, str, str], float]:
    """Champion's figures by protocol, metric, kind and name of the stratum."""
    measured = projects.shares[projects.is_measured]
    errors = {name: np.array([row[3] for row in MEASURED]) for name in PROTOCOL_OF}
    errors["minerals_hidden"] = errors["amounts_and_minerals_hidden"] = np.array([row[4] for row in MEASURED])
    predicted = {
        (model, PROTOCOL_OF[name]): (measured + own[:, None])[None]
        for name, own in errors.items()
        for model in (CHAMPION, *BESIDE)
    }
    metrics = headline_metrics(projects, predicted, Settings(bootstrap_draws=200))
    return {
        (own.protocol, own.metric, own.stratum.kind, own.stratum.name): own.value
        for own in metrics
        if own.model_name == CHAMPION
    }


def test_unmeasured_projects_have_the_errors_of_their_nearest_cell(projects):
    found = figures(projects)

    def mean_square(name, protocol="grouped_cv"):
        return found[protocol, "rmse_pct", "unmeasured", name] ** 2

    assert mean_square("granite") == pytest.approx(5)
    assert mean_square("placer") == pytest.approx((25 + 49) / 2)
    assert mean_square("unknown") == pytest.approx(ALL)
    assert mean_square("mix") == pytest.approx((5 + 25 + 49 + ALL) / 4)
    assert found["grouped_cv", "wider_cells_pct", "unmeasured", "mix"] == 75


def test_what_is_not_known_of_an_unmeasured_project_is_hidden(projects):
    found = figures(projects)
    # Yttrium hosts are of one site, so elsewhere they count.
    assert found["grouped_cv_as_known", "rmse_pct", "unmeasured", "placer"] ** 2 == pytest.approx(
        (25 + 64) / 2
    )
    assert found["grouped_cv_as_known", "rmse_pct", "unmeasured", "unknown"] ** 2 == pytest.approx(
        (4 + 16 + 81 + 64) / 4
    )


def test_the_gain_from_minerals_is_where_it_lies(projects):
    found = figures(projects)
    gained = np.array([4 - 1, 16 - 9, 81 - 25, 64 - 49])
    assert found["grouped_cv", "gain_share_pct", "yttrium_hosts", "yttrium"] == pytest.approx(
        100 * 56 / gained.sum()
    )
    assert found["grouped_cv", "rmse_pct", "yttrium_hosts", "others"] ** 2 == pytest.approx(59 / 3)
    assert found["grouped_cv", "rmse_difference_pct", "yttrium_hosts", "yttrium"] == pytest.approx(5 - 9)


def test_rows_that_are_not_learned_from_count_only_in_all_that_is_measured(projects):
    learned = projects.is_trainable.copy()
    learned[3] = False
    found = figures(replace(projects, is_trainable=learned))
    assert found["grouped_cv", "rmse_pct", "yttrium_hosts", "others"] ** 2 == pytest.approx(5)
    assert found["grouped_cv", "gain_share_pct", "yttrium_hosts", "yttrium"] == pytest.approx(
        100 * 56 / (3 + 7 + 56)
    )
    assert found["grouped_cv", "rmse_pct", "measured", "learned_from_or_not"] ** 2 == pytest.approx(ALL)


def test_a_mean_is_scaled_to_the_hree_that_is_known():
    stored = np.ones((1, len(OXIDES)))
    stored[0, [oxide in HREE for oxide in OXIDES]] = 40 / len(HREE)
    scaled = scaled_to_hree(np.full((1, 1, len(OXIDES)), 7.0), stored)[0, 0]
    assert scaled[[oxide in HREE for oxide in OXIDES]].sum() == pytest.approx(40)
    assert scaled.sum() == pytest.approx(100)
