"""Spreads of whole compositions, and draws from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.dataset import Dataset
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, Calibration
from ml.judging.intervals import with_group_sums
from ml.judging.metrics import is_covered
from ml.judging.simulation import Simulator, draw_compositions, kept_shares
from ml.judging.spread import ErrorPool, Spread, interval_pct, log_errors
from ml.oxides import OXIDES, close
from ml.settings import Settings

SITES = np.array(["a", "a", "b", "c", "d", "e"], dtype=object)
HOSTS = np.array([["x"], ["x"], ["x"], ["y"], ["y"], [None]], dtype=object)


def pool(errors: np.ndarray, needed: int = 2, other: float = 1.0) -> ErrorPool:
    return ErrorPool(errors, HOSTS, SITES, other_sites=other, needed_sites=needed)


def test_each_site_weighs_as_much_as_another():
    even = pool(np.zeros((6, 15))).even_weights()
    np.testing.assert_allclose(even, [0.1, 0.1, 0.2, 0.2, 0.2, 0.2])


def test_sites_alike_weigh_one_each_and_all_others_together_as_said():
    weights = pool(np.zeros((6, 15)), other=1.0).weights(["x"])
    np.testing.assert_allclose(weights * 3.0, [0.5, 0.5, 1.0, 1 / 3, 1 / 3, 1 / 3])
    apart = pool(np.zeros((6, 15)), other=1.0).weights(["x"], without="a")
    np.testing.assert_allclose(apart * 2.0, [0.0, 0.0, 1.0, 1 / 3, 1 / 3, 1 / 3])


def test_a_row_without_errors_does_not_count():
    errors = np.zeros((6, 15))
    errors[2] = np.nan
    assert pool(errors).weights(["x"])[2] == 0.0


def test_observed_is_the_prediction_times_its_own_error():
    generator = np.random.default_rng(1)
    predicted, observed = (close(generator.uniform(0.1, 9.0, (6, 15))) for _ in range(2))
    spread = pool(log_errors(observed, predicted)).around(predicted[3], np.eye(6)[3])
    np.testing.assert_allclose(spread.shares_pct, observed[3:4])


def test_draws_are_the_spread_as_often_as_its_weights_say():
    shares = close(np.random.default_rng(2).uniform(0.1, 9.0, (3, 15)))
    spread = Spread(shares, np.array([0.5, 0.3, 0.2]))
    drawn = spread.drawn_pct(100, np.random.default_rng(3))
    counts = [int((drawn == composition).all(axis=1).sum()) for composition in shares]
    np.testing.assert_allclose(counts, [50, 30, 20], atol=1)
    assert not (drawn[:50] == shares[0]).all()


def test_quantiles_of_the_spread_are_those_of_its_draws_sums_included():
    generator = np.random.default_rng(4)
    spread = Spread(close(np.exp(generator.normal(size=(400, 15)))), np.full(400, 1 / 400))
    drawn = with_group_sums(spread.drawn_pct(6000, generator))
    levels = [0.05, 0.5, 0.95]
    wide = drawn.max(axis=0) - drawn.min(axis=0)
    gap = np.abs(spread.quantiles_pct(levels) - np.quantile(drawn, levels, axis=0)) / wide
    assert gap.max() < 0.02


def test_crps_is_the_plain_double_mean():
    spread = Spread(close(np.random.default_rng(6).uniform(0.1, 9.0, (5, 15))), np.full(5, 0.2))
    observed = np.append(np.full(17, 5.0), np.nan)
    drawn = with_group_sums(spread.shares_pct)
    apart = np.abs(drawn[:, None] - drawn[None]).mean(axis=(0, 1))
    expected = np.abs(drawn - observed).mean(axis=0) - 0.5 * apart
    np.testing.assert_allclose(spread.crps_pct(observed), expected)
    assert np.isnan(spread.crps_pct(observed)[17])


def made_up_errors(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Log-ratio errors, five times as wide in one host group as in the other, of one family."""
    generator = np.random.default_rng(seed)
    hosts = np.where(np.arange(rows) % 3 == 0, "wide", "narrow").astype(object)
    scale = np.where(hosts == "wide", 0.5, 0.1)[:, None]
    errors = generator.normal(size=(rows, 15)) * scale
    labels = np.stack([hosts, np.full(rows, "carbonatite", dtype=object)], axis=1)
    return errors - errors.mean(axis=1, keepdims=True), labels


def test_intervals_cover_each_host_group_as_promised():
    errors, labels = made_up_errors(90, 2)
    around = ErrorPool(errors, labels, np.arange(90).astype(object), other_sites=2.0, needed_sites=5)
    predicted = close(np.ones(15))
    fresh, kinds = made_up_errors(900, 3)
    observed = close(predicted * np.exp(fresh))
    for host in ("wide", "narrow"):
        spread = around.around(predicted, around.weights([host, "carbonatite"]))
        low, high = interval_pct([spread], with_group_sums(predicted[None]), 0.8)
        own = observed[kinds[:, 0] == host]
        inside = is_covered(own, np.tile(low[:, :15], (len(own), 1)), np.tile(high[:, :15], (len(own), 1)))
        assert inside.mean() == pytest.approx(0.8, abs=0.08)
        assert low.min() > 0.0


def test_intervals_go_by_the_host_group_where_enough_sites_of_it_are_measured():
    errors, labels = made_up_errors(60, 6)
    sites = np.arange(60).astype(object)
    asked: list[list[object]] = [["wide", "carbonatite"], ["rare", "carbonatite"], [None, "carbonatite"]]
    wide, rare, unknown = (ErrorPool(errors, labels, sites, 2.0, 5).weights(own) for own in asked)
    assert wide[0] > rare[0] == rare[1] == unknown[1]
    strict = ErrorPool(errors, labels, sites, 2.0, needed_sites=30)
    assert np.array_equal(strict.weights(asked[0]), unknown)


def test_projects_of_one_site_are_not_enough_to_go_by():
    errors, labels = made_up_errors(60, 6)
    sites = np.where(labels[:, 0] == "wide", "one", np.arange(60).astype(str)).astype(object)
    weights = ErrorPool(errors, labels, sites, 2.0, needed_sites=2).weights(["wide", "carbonatite"])
    assert weights[1] == pytest.approx(20 * weights[0])


def test_own_interval_ignores_the_errors_of_its_own_site():
    errors, labels = made_up_errors(30, 4)
    sites = (np.arange(30) // 2).astype(object)
    predicted = np.tile(close(np.ones(15)), (30, 1))
    before = ErrorPool(errors.copy(), labels, sites, 2.0, 5).own_spreads(predicted)
    errors[:2] = np.linspace(-3.0, 3.0, 15)
    after = ErrorPool(errors, labels, sites, 2.0, 5).own_spreads(predicted)
    same = [np.array_equal(b.shares_pct, a.shares_pct) for b, a in zip(before, after, strict=True)]
    assert same == [True, True] + [False] * 28


def test_an_interval_holds_its_prediction_and_a_level_is_a_share():
    errors = np.tile(np.append(np.full(14, -1.0), 14.0), (6, 1))
    spread = pool(errors).around(np.full(15, 100 / 15), np.full(6, 1 / 6))
    predicted = with_group_sums(np.full((1, 15), 100 / 15))
    low, high = interval_pct([spread], predicted, 0.9)
    assert ((low <= predicted) & (predicted <= high)).all()
    with pytest.raises(ValueError, match="level"):
        interval_pct([spread], predicted, 90.0)


@pytest.fixture
def calibration(dataset: Dataset) -> Calibration:
    """Out-of-fold predictions that are off by a tenth or so."""
    measured = dataset.rows(dataset.is_measured)
    generator = np.random.default_rng(9)
    observed = np.where(measured.stored_shares > 0.0, measured.stored_shares, 0.1)
    names = [*HIDDEN, *UNSEEN_FAMILY.values()]
    return Calibration(
        {name: close(observed * np.exp(generator.normal(0.0, 0.1, observed.shape))) for name in names}
    )


def drawn(dataset: Dataset, calibration: Calibration, draws: int) -> pd.DataFrame:
    """Draws of the made-up projects, of which the last has four shares known."""
    predicted = np.full((len(dataset), len(OXIDES)), 100.0 / len(OXIDES))
    known = dataset.stored_shares[-1]
    rest = (100.0 - np.nansum(known)) / np.isnan(known).sum()
    predicted[-1] = np.where(np.isfinite(known), known, rest)
    simulator, kept = Simulator(dataset, calibration, Settings()), kept_shares(dataset, predicted)
    rows = np.flatnonzero(~dataset.is_measured)
    spreads = [simulator.spread(row, predicted[row], kept[row]) for row in rows.tolist()]
    return draw_compositions(spreads, dataset.project_ids[rows], dataset.site_ids[rows], 1, draws)


def test_draws_are_whole_compositions_of_what_is_not_measured(dataset, calibration):
    frame = drawn(dataset, calibration, 40)
    assert sorted(set(frame["subject_id"])) == list(dataset.project_ids[~dataset.is_measured])
    sums = frame.groupby(["subject_id", "draw"])["share_pct"].agg(["sum", "count", "min"])
    np.testing.assert_allclose(sums["sum"], 100.0, atol=1e-9)
    assert set(sums["count"]) == {15}
    assert sums["min"].min() > 0.0
    pd.testing.assert_frame_equal(frame, drawn(dataset, calibration, 40))


def test_reported_shares_are_the_same_in_every_draw(dataset, calibration):
    frame = drawn(dataset, calibration, 40)
    own = frame[frame["subject_id"] == dataset.project_ids[-1]].groupby("oxide")["share_pct"]
    known = np.isfinite(dataset.stored_shares[-1])
    lows, highs = (own.agg(end).reindex(OXIDES).to_numpy() for end in ("min", "max"))
    np.testing.assert_allclose(lows[known], dataset.stored_shares[-1][known], atol=1e-4)
    np.testing.assert_allclose(highs[known], dataset.stored_shares[-1][known], atol=1e-4)
    assert (highs - lows)[~known].min() > 0.1


def test_projects_of_one_site_err_alike(dataset, calibration):
    """Rows 24 and 25 are one site, 26 is another; all are predicted the same composition."""
    features = dataset.features.assign(host_mineral=None, host_group=None, deposit_family="carbonatite")
    alike = replace(dataset, features=features.assign(grade_treo_wt_pct=1.0))
    wide = drawn(alike, calibration, 200).pivot(
        index=["oxide", "draw"], columns="subject_id", values="share_pct"
    )
    shares = wide.loc["Ce2O3"]
    first, second, other = (shares[dataset.project_ids[row]] for row in (24, 25, 26))
    assert first.corr(second) > 0.5
    assert abs(first.corr(other)) < 0.3
