"""Closure, dataset, features, folds, baselines, metrics, intervals and completion."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.dataset import build_dataset
from ml.folds import LeakageError, check_no_leakage, grouped_folds, random_folds, training_on
from ml.judging.completion import complete, condition, error_covariances, fill_room
from ml.judging.intervals import conformal_half_widths_pct
from ml.judging.metrics import SiteBootstrap, aitchison_distance, is_covered, rmse
from ml.judging.pattern import PatternErrors, along_pattern, to_learn_from, zero_estimates
from ml.judging.prediction import unlike_shares_of_treo
from ml.judging.support import extrapolates
from ml.models.baselines import ShrunkFamilyMean, ShrunkHostMean, TrainingMean
from ml.models.features import ProjectFeatures
from ml.oxides import HREE, OXIDES, close, group_sum_pct
from ml.settings import Settings
from ml.sight import Sight, hidden, mineral_bases
from ml.store.marts import MARTS


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


def test_settings_come_back_as_they_were_and_those_of_another_version_do_not():
    chosen = Settings(process_hosts=(0.1,), blended=("ridge", "extra_trees"), grid_widths=((3,),))
    assert Settings.from_json(chosen.to_json()) == chosen
    older = json.loads(chosen.to_json())
    del older["ridge_alpha"]
    with pytest.raises(ValueError, match="those of another version"):
        Settings.from_json(json.dumps(older))


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
    labels = features.labels_
    assert matrix.shape == (20, sum(map(len, labels.values())) + 3)
    is_unknown = [family is None for family in test["deposit_family"]]
    assert not matrix[is_unknown, : len(labels["family"])].any()
    known = train["grade_treo_wt_pct"].dropna()
    assert features.log10_means_[0] == pytest.approx(np.mean(np.log10(known)))


def test_a_missing_amount_becomes_the_usual_one_of_its_family(dataset):
    train = dataset.features.iloc[:10]
    features = ProjectFeatures(shrinkage_rows=0.0).fit(train)
    family = features.labels_["family"][0]
    row = train[train["deposit_family"] == family].iloc[:1].assign(grade_treo_wt_pct=np.nan)
    known = train.loc[train["deposit_family"] == family, "grade_treo_wt_pct"].dropna()
    usual = (np.log10(known).mean() - features.log10_means_[0]) / features.log10_scales_[0]
    assert features.transform(row)[0, -2] == pytest.approx(usual)


def test_hosts_are_columns_only_where_they_may_be_seen(dataset):
    train = dataset.features.iloc[:20]
    seen, unseen = ProjectFeatures().fit(train), ProjectFeatures(use_minerals=False).fit(train)
    blocks = seen.blocks(train)
    assert seen.labels_["host_mineral"] == ["bastnaesite", "monazite", "parisite"]
    assert np.array_equal(blocks["host_mineral"].sum(axis=1) == 1, train["host_mineral"].notna())
    # Two of the three minerals are of one group.
    group = seen.labels_["host_group"].index("fluorocarbonate")
    assert blocks["host_group"][:, group].sum() == blocks["host_mineral"][:, [0, 2]].sum()
    assert set(unseen.blocks(train)) == {"family", "tailings", "amounts"}


def test_only_the_principal_host_is_used_and_hiding_it_leaves_the_rest(marts, dataset):
    own = marts["fct_project_minerals"]
    first = own[(own["project_id"] == "made-p001") & (own["rank"] == 1)].iloc[0]
    row = dataset.features.iloc[1]
    assert (row["host_mineral"], row["mineral_confidence"]) == (first["mineral"], first["confidence"])
    bases = mineral_bases(dataset)
    less = hidden(dataset, Sight.HOST, bases == "inferred")
    assert set(mineral_bases(less)) == {"stated", "none"}
    assert (mineral_bases(less) == "stated").sum() == (bases == "stated").sum()
    pd.testing.assert_series_equal(less.features["deposit_family"], dataset.features["deposit_family"])


def test_two_principal_hosts_of_a_project_are_refused(marts):
    twice = pd.concat([marts["fct_project_minerals"]] * 2)
    frames = [marts[name] for name in MARTS if name != "fct_project_minerals"]
    with pytest.raises(ValueError, match="more than one principal host"):
        build_dataset(*frames, twice)


def test_host_mean_falls_back_from_mineral_to_group_to_family(dataset):
    measured = dataset.rows(dataset.is_measured)
    model = ShrunkHostMean(2.0).fit(measured.features, measured.shares)
    asked = measured.features.iloc[:1].assign(host_mineral="unheard", host_group="fluorocarbonate")
    np.testing.assert_allclose(model.predict(asked)[0], close(model.group_pct_["fluorocarbonate"]))
    asked = asked.assign(host_mineral=None, host_group=None)
    family = ShrunkFamilyMean(2.0).fit(measured.features, measured.shares).predict(asked)
    np.testing.assert_allclose(model.predict(asked), family)
    own = measured.shares[measured.features["host_mineral"] == "parisite"]
    pulled = (np.nansum(own, axis=0) + 2 * model.group_pct_["fluorocarbonate"]) / (
        np.isfinite(own).sum(axis=0) + 2
    )
    np.testing.assert_allclose(model.mineral_pct_["parisite"], pulled)


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
    estimate = SiteBootstrap(np.array(["a", "b"], dtype=object), draws=50, seed=0).rmse(errors)
    assert (estimate.value, estimate.projects) == (3.0, 2)
    assert estimate.standard_error == pytest.approx(0.0)


def test_bootstrap_draws_sites_not_rows():
    """Ten copies of one site say no more than one: the error stays that of two sites."""
    generator = np.random.default_rng(0)
    errors = np.repeat(generator.normal(size=(2, 1)), 10, axis=0)
    sites = np.repeat(np.array(["a", "b"], dtype=object), 10)
    copies = SiteBootstrap(sites, draws=2000, seed=0).mean(errors).standard_error
    single = SiteBootstrap(sites[::10], draws=2000, seed=0).mean(errors[::10]).standard_error
    assert copies == pytest.approx(single)


def test_one_site_has_no_standard_error():
    sites = np.array(["a", "a", "b"], dtype=object)
    estimate = SiteBootstrap(sites, draws=50, seed=0).rmse(np.array([[1.0], [2.0], [np.nan]]))
    assert (estimate.standard_error, estimate.projects) == (None, 2)


def test_paired_difference_cancels_what_two_models_share():
    generator = np.random.default_rng(0)
    errors = generator.normal(size=(40, 15)) * generator.exponential(3.0, size=(40, 1))
    bootstrap = SiteBootstrap(np.arange(40).astype(object), draws=500, seed=0)
    paired = bootstrap.rmse_difference(1.1 * errors, errors)
    assert paired.value == pytest.approx(0.1 * rmse(errors))
    assert paired.standard_error < 0.2 * bootstrap.rmse(errors).standard_error


def test_aitchison_distance_knows_only_ratios_and_skips_unknown_parts():
    observed = np.array([[10.0, 20.0, np.nan]])
    assert aitchison_distance(np.array([[20.0, 40.0, 7.0]]), observed)[0] == pytest.approx(0.0)
    far = aitchison_distance(np.array([[20.0, 10.0, 7.0]]), observed)[0]
    assert far == pytest.approx(np.sqrt(2.0) * np.log(4.0) / 2.0)


def test_half_width_is_the_finite_sample_order_statistic():
    residuals = np.array([[-9.0], [1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [7.0], [8.0]])
    assert conformal_half_widths_pct(residuals, 0.8)[0] == 8.0  # the 8th of 9
    assert conformal_half_widths_pct(residuals, 0.95)[0] == 100.0  # would be the 10th of 9


def test_filling_keeps_what_is_known_and_sums_to_100():
    known = np.full((2, 15), np.nan)
    known[0, :3] = [20.0, 30.0, 10.0]
    known[1, :2] = [60.0, 60.0]
    completed = fill_room(known, close(np.ones((2, 15))))
    np.testing.assert_allclose(completed.sum(axis=1), 100.0)
    np.testing.assert_allclose(completed[0, :3], [20.0, 30.0, 10.0])
    np.testing.assert_allclose(completed[0, 3:], 40.0 / 12)
    np.testing.assert_allclose(completed[1], [50.0, 50.0] + [0.0] * 13)


def test_conditioning_follows_what_errors_share():
    """Two oxides whose errors are one: knowing the first tells the second, and nothing of the third."""
    covariance = np.zeros((15, 15))
    covariance[:2, :2] = 100.0
    covariance[2, 2] = 100.0
    predicted = np.full(15, 5.0)
    mean = condition(predicted, covariance, np.eye(15)[:1], np.array([9.0]), 0.3)
    assert mean[1] == pytest.approx(9.0, abs=0.05)
    assert mean[2] == 5.0


def test_completion_beats_scaling_where_errors_go_together():
    generator = np.random.default_rng(0)
    level = generator.normal(size=(80, 1)) * np.where(np.arange(15) % 2, 2.0, -2.0)
    shares = close(np.full((80, 15), 100.0 / 15) + level + generator.normal(size=(80, 15)) * 0.1)
    predicted = close(np.ones((80, 15)))
    families = np.full(80, "one", dtype=object)
    covariances = error_covariances(shares[:40] - predicted[:40], families[:40], 5.0)
    known = np.where(np.arange(15) < 2, shares[40:], np.nan)
    completed = complete(known, predicted[40:], covariances, families[40:], 0.3)
    np.testing.assert_allclose(completed[:, :2], known[:, :2])
    assert rmse(completed - shares[40:]) < 0.3 * rmse(fill_room(known, predicted[40:]) - shares[40:])


def test_few_measured_sites_of_a_kind_extrapolate(dataset):
    """Of the family, of the host group, of both together; an unknown host is not a reason, a far grade is."""

    def flagged(**numbers: int) -> list[int]:
        settings = Settings(**{"extrapolation_sites": 0, "extrapolation_pair_sites": 0} | numbers)
        return np.flatnonzero(extrapolates(few, settings)).tolist()

    few = dataset.rows(np.ones(len(dataset), dtype=bool))
    few.features["deposit_family"] = pd.Series(["placer"] * len(few), dtype=object)
    few.features["host_group"] = pd.Series(["monazite"] * len(few), dtype=object)
    few.features.loc[[2, 24, 27], "deposit_family"] = "granite"
    few.features.loc[[25, 28], "host_group"] = "fluorocarbonate"
    few.features.loc[29, "host_group"] = None
    few.features[["grade_treo_wt_pct", "resource_treo_t"]] = 1.0
    assert flagged() == []
    assert flagged(extrapolation_sites=1) == [2, 25, 28]
    assert flagged(extrapolation_sites=2) == [2, 24, 25, 27, 28]
    assert flagged(extrapolation_pair_sites=1) == [2, 25, 28]
    few.features.loc[26, "deposit_family"] = None
    few.features.loc[27, "grade_treo_wt_pct"] = 99.0
    assert flagged(extrapolation_sites=1) == [2, 25, 26, 27, 28]


def test_a_printed_zero_is_covered_by_an_interval_that_reaches_below_what_would_be_printed():
    lower, upper = np.array([[0.01, 0.2, 0.01]]), np.array([[0.5, 0.5, 0.5]])
    observed, most = np.array([[0.0, 0.0, np.nan]]), np.array([[0.1, 0.1, np.nan]])
    np.testing.assert_array_equal(is_covered(observed, lower, upper, most), [[1.0, 0.0, np.nan]])
    np.testing.assert_array_equal(is_covered(observed, lower, upper), [[0.0, 0.0, np.nan]])


def test_known_shares_on_another_basis_are_told_from_shares_of_treo() -> None:
    fresh = np.full((3, 15), 100 / 15)
    known = np.full((3, 15), np.nan)
    known[0, :5] = 100 / 15 + 0.1  # closes as the model expects
    known[1, :5] = 3.0  # far too little for shares of the total
    measured = np.tile(fresh[0], (40, 1))
    out_of_fold = measured + np.random.default_rng(0).normal(0, 0.5, measured.shape)

    assert unlike_shares_of_treo(known, fresh, measured, out_of_fold, 0.95).tolist() == [False, True, False]


def test_an_unknown_share_follows_its_neighbours_in_the_pattern():
    """Y lies between Dy and Ho; beyond the last known oxide its ratio holds; a zero says nothing."""
    shape = np.arange(1.0, 16.0)[None]
    known = np.full((1, 15), np.nan)
    known[0, OXIDES.index("La2O3")] = 2.0
    known[0, OXIDES.index("Lu2O3")] = 0.0
    known[0, OXIDES.index("Dy2O3")] = 3.0 * shape[0, OXIDES.index("Dy2O3")]
    known[0, OXIDES.index("Ho2O3")] = 12.0 * shape[0, OXIDES.index("Ho2O3")]
    estimated = along_pattern(known, shape)[0]
    is_known = np.isfinite(known[0])
    np.testing.assert_array_equal(estimated[is_known], known[0, is_known])
    ratio = dict(zip(OXIDES, estimated / shape[0], strict=True))
    assert ratio["Y2O3"] == pytest.approx(6.0)
    assert ratio["Sm2O3"] == pytest.approx(2.0 * (3.0 / 2.0) ** 0.5)
    assert ratio["Yb2O3"] == pytest.approx(12.0)
    np.testing.assert_array_equal(along_pattern(np.full((1, 15), np.nan), shape), shape)


def test_estimates_along_the_pattern_are_as_sure_as_they_were_where_the_same_was_hidden():
    generator = np.random.default_rng(3)
    shape = np.exp(generator.normal(size=(400, 15)))
    noise = np.where(np.arange(15) == 11, generator.normal(size=(400, 15)), 0.0)
    errors = PatternErrors(shape * np.exp(noise), shape)
    mask = np.zeros((2, 15), dtype=bool)
    mask[0, [11, 3]] = True
    half = errors.log_half_widths(mask, 0.9)
    assert half[0, 11] == pytest.approx(1.645, abs=0.2)
    assert half[0, 3] == pytest.approx(0.0, abs=1e-9)
    assert not half[1].any()


def test_a_zero_too_small_to_print_stays_below_what_is_printed(dataset):
    measured = dataset.rows(dataset.is_measured)
    shares, stored = measured.shares.copy(), measured.stored_shares.copy()
    stored[0] = shares[0] = close(np.full(15, 1.0))
    stored[0, 11] = stored[0, 12] = shares[0, 11] = 0.0
    shares[0, 12] = np.nan
    zeros = zero_estimates(replace(measured, shares=shares, stored_shares=stored), np.full(shares.shape, 5.0))
    own = zeros[zeros["project_id"] == measured.project_ids[0]].set_index("oxide")
    smallest = stored[0][stored[0] > 0.0].min()
    assert list(own.index) == ["Tm2O3", "Yb2O3"]
    assert own.loc["Tm2O3", "upper_90_pct"] <= smallest
    assert own.loc["Yb2O3", "upper_90_pct"] > smallest
    assert (own["lower_90_pct"] > 0.0).all()
    assert (own["lower_90_pct"] <= own["estimated_pct"]).all()
    assert (own["estimated_pct"] <= own["upper_90_pct"]).all()


def test_analyses_of_minerals_and_repeated_patterns_teach_nothing_and_stay_measured(marts):
    compositions = marts["fct_compositions"].copy()
    compositions.loc[compositions["project_id"] == "made-p004", "composition_basis"] = "mineral"
    compositions.loc[compositions["project_id"] == "made-p006", "composition_basis"] = "concentrate"
    shares = compositions.set_index(["project_id", "oxide"])["share_of_treo_pct"]
    again = compositions["project_id"] == "made-p009"
    compositions.loc[again, "share_of_treo_pct"] = shares["made-p008"][list(OXIDES)].to_numpy()
    dataset = build_dataset(*(({**marts, "fct_compositions": compositions})[name] for name in MARTS))
    assert dataset.project_ids[dataset.is_measured & ~dataset.is_trainable].tolist() == [
        "made-p004",
        "made-p006",
        "made-p009",
    ]
    folds = training_on(grouped_folds(dataset.site_ids, 3, 1, 0)[0], dataset.is_trainable)
    assert {4, 6, 9}.isdisjoint(np.concatenate([train for train, _ in folds]))
    assert {4, 6, 9} <= set(np.concatenate([test for _, test in folds]))


def test_zeros_are_learned_as_estimates_and_stay_printed(dataset):
    shares, stored = dataset.shares.copy(), dataset.stored_shares.copy()
    stored[1, 11] = shares[1, 11] = 0.0
    learned = to_learn_from(replace(dataset, shares=shares, stored_shares=stored))
    assert learned.stored_shares[1, 11] == 0.0
    smallest = stored[1][stored[1] > 0.0].min()
    assert 0.0 < learned.shares[1, 11] <= smallest
    assert learned.shares[0, OXIDES.index("Tm2O3")] > 0.0  # a suspect one, which is unknown
    is_printed = np.isfinite(shares) & (shares > 0.0)
    np.testing.assert_array_equal(learned.shares[is_printed], shares[is_printed])
    np.testing.assert_array_equal(learned.shares[~dataset.is_measured], shares[~dataset.is_measured])


def test_a_prediction_below_zero_becomes_the_smallest_share_there_is():
    known = np.full((1, 15), np.nan)
    known[0, 0] = 60.0
    predicted = np.full((1, 15), 5.0)
    predicted[0, 13:] = [0.001, -3.0]
    least = np.full(15, 0.01)
    completed = complete(known, predicted, {None: np.eye(15)}, np.array([None], dtype=object), 0.3, least)
    assert completed[0, 0] == pytest.approx(60.0)
    assert completed[0, 14] == pytest.approx(10.0 * completed[0, 13])
