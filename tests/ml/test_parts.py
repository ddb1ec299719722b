"""Closure, dataset, features, folds, baselines, metrics, intervals and completion."""

from __future__ import annotations

import numpy as np
import pytest

from ml.baselines import ShrunkFamilyMean, TrainingMean
from ml.features import ProjectFeatures
from ml.folds import LeakageError, check_no_leakage, grouped_folds, random_folds
from ml.intervals import half_widths_pct, half_widths_without_own_site_pct, interval_pct
from ml.metrics import coverage, rmse, rmse_standard_error
from ml.oxides import HREE, OXIDES, close, group_sum_pct
from ml.prediction import complete_pct, extrapolates
from ml.settings import Settings


def test_close_clips_and_sums():
    closed = close(np.array([[-1.0, 1.0, 3.0], [-1.0, 0.0, -2.0]]))
    np.testing.assert_allclose(closed, [[0.0, 25.0, 75.0], [100 / 3] * 3])
    with pytest.raises(ValueError, match="NaN"):
        close(np.array([[np.nan, 1.0]]))


def test_hree_is_gadolinium_to_yttrium():
    shares = np.arange(15.0)
    assert (HREE[0], HREE[-1], len(HREE)) == ("Gd2O3", "Y2O3", 9)
    assert group_sum_pct(shares, HREE) == sum(range(6, 15))


def test_settings_hash_follows_content():
    assert Settings().sha256() == Settings().sha256()
    assert Settings().sha256() != Settings(seed=1).sha256()


def test_suspect_zero_is_stored_but_not_trusted(dataset):
    column = OXIDES.index("Tm2O3")
    assert dataset.stored_shares[0, column] == 0.0
    assert np.isnan(dataset.shares[0, column])
    assert (dataset.is_measured.sum(), dataset.is_partial.sum()) == (24, 1)


def test_features_know_only_training_rows(dataset):
    train, test = dataset.features.iloc[:10], dataset.features.iloc[10:]
    features = ProjectFeatures().fit(train)
    matrix = features.transform(test)
    assert np.isfinite(matrix).all()
    assert matrix.shape == (20, len(features.families_) + 5)
    is_unknown = [family is None for family in test["deposit_family"]]
    assert not matrix[is_unknown, : len(features.families_)].any()
    known = train["grade_treo_wt_pct"].dropna()
    assert features.log10_medians_[0] == pytest.approx(np.median(np.log10(known)))


def test_grouped_folds_keep_sites_whole_and_test_every_row_once(dataset):
    repeats = grouped_folds(dataset.site_ids, folds=5, repeats=4, seed=3)
    assert len(repeats) == 4
    for folds in repeats:
        check_no_leakage(folds, dataset.site_ids)
        tested = np.sort(np.concatenate([test for _, test in folds]))
        assert np.array_equal(tested, np.arange(len(dataset)))
    again = grouped_folds(dataset.site_ids, folds=5, repeats=4, seed=3)
    assert all(np.array_equal(a[0][1], b[0][1]) for a, b in zip(repeats, again, strict=True))


def test_a_planted_leak_is_found(dataset):
    folds = random_folds(len(dataset), folds=5, repeats=1, seed=3)[0]
    with pytest.raises(LeakageError, match="site-"):
        check_no_leakage(folds, dataset.site_ids)


def test_family_mean_lies_between_family_and_all(dataset):
    measured = dataset.rows(dataset.is_measured)
    overall = TrainingMean().fit(measured.features, measured.shares).predict(measured.features)
    far = ShrunkFamilyMean(1e9).fit(measured.features, measured.shares)
    np.testing.assert_allclose(far.predict(measured.features), overall, atol=1e-5)
    near = ShrunkFamilyMean(0.0).fit(measured.features, measured.shares)
    is_granite = measured.families == "granite"
    expected = close(np.nanmean(measured.shares[is_granite], axis=0))
    np.testing.assert_allclose(near.predict(measured.features)[is_granite][0], expected)


def test_rmse_skips_unknown_cells_and_its_error_is_zero_for_equal_sites():
    errors = np.array([[3.0, np.nan], [-3.0, 3.0]])
    assert rmse(errors) == 3.0
    sites = np.array(["a", "b"], dtype=object)
    assert rmse_standard_error(errors, sites, draws=50, seed=0) == pytest.approx(0.0)


def test_half_width_is_the_finite_sample_order_statistic():
    residuals = np.array([[-9.0], [1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [8.0]])
    assert half_widths_pct(residuals, 0.8)[0] == 8.0  # the 8th of 9
    assert half_widths_pct(residuals, 0.95)[0] == 100.0  # would be the 10th of 9
    sites = np.array(["a"] + ["b"] * 8, dtype=object)
    assert half_widths_without_own_site_pct(residuals, sites, 0.8)[0, 0] == 8.0


def test_intervals_cover_new_rows_as_promised():
    generator = np.random.default_rng(2)
    residuals = generator.normal(size=(60, 4))
    fresh = generator.normal(size=(5000, 4)) + 50.0
    lower, upper = interval_pct(np.full((5000, 4), 50.0), half_widths_pct(residuals, 0.9))
    assert coverage(fresh, lower, upper) == pytest.approx(0.9, abs=0.04)


def test_completion_keeps_what_is_known_and_sums_to_100():
    known = np.full((2, 15), np.nan)
    known[0, :3] = [20.0, 30.0, 10.0]
    known[1, :2] = [60.0, 60.0]
    predicted = close(np.ones((2, 15)))
    completed = complete_pct(known, predicted)
    np.testing.assert_allclose(completed.sum(axis=1), 100.0)
    np.testing.assert_allclose(completed[0, :3], [20.0, 30.0, 10.0])
    np.testing.assert_allclose(completed[0, 3:], 40.0 / 12)
    np.testing.assert_allclose(completed[1], [50.0, 50.0] + [0.0] * 13)


def test_unknown_family_and_far_grade_extrapolate(dataset):
    flags = extrapolates(dataset, Settings(extrapolation_family_rows=1))
    assert flags[26]
    far = dataset.rows(np.ones(len(dataset), dtype=bool))
    far.features.loc[27, "grade_treo_wt_pct"] = 99.0
    assert extrapolates(far, Settings(extrapolation_family_rows=1))[27]
