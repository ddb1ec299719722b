"""Learners: nothing leaks into a choice, siblings count, shuffled targets teach nothing."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from ml.dataset import Dataset, stack
from ml.folds import check_no_leakage, grouped_folds
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, Calibration
from ml.judging.metrics import rmse
from ml.judging.protocols import out_of_fold_pct
from ml.judging.simulation import Simulator
from ml.models.baselines import FilledTargets, SharedProcess, TrainingMean
from ml.models.features import ProjectFeatures
from ml.models.league import league
from ml.models.learners import (
    Bench,
    BySight,
    EstimatorLearner,
    GridSearch,
    Learner,
    NetworkLearner,
    TooFewRowsError,
    blend_weights,
    grid_points,
    sibling_lift,
)
from ml.oxides import close
from ml.settings import CHAMPION
from ml.sight import SIGHTS, Sight, hidden, mineral_bases, own_sights


@pytest.fixture
def measured(dataset):
    return dataset.rows(dataset.is_measured)


def test_choices_are_made_on_folds_that_keep_sites_apart(measured, tiny):
    bench = Bench(measured, tiny)
    train = np.arange(4, 24)
    inner = bench.inner_folds(train)
    check_no_leakage(inner, measured.site_ids)
    for inside, left_out in inner:
        assert set(inside) | set(left_out) == set(train)


@pytest.mark.slow("no choice of the champion sees the rows it is judged on")
def test_test_rows_do_not_move_what_is_predicted_for_them(measured, tiny):
    """Choosing, scaling and fitting see training rows alone: the targets of the test rows are free."""
    train, test = np.arange(6, 24), np.arange(6)
    changed = replace(measured, shares=measured.shares.copy())
    changed.shares[test] = close(np.random.default_rng(1).uniform(size=(6, 15)))
    predicted = [
        Bench(table, tiny).predict_with(league(tiny)[CHAMPION], [(train, test)])[0]
        for table in (measured, changed)
    ]
    assert np.array_equal(*predicted)
    np.testing.assert_allclose(predicted[0].sum(axis=1), 100.0)


def test_the_champion_refuses_too_few_sites(measured, tiny):
    bench = Bench(measured, replace(tiny, min_training_sites=9))
    with pytest.raises(TooFewRowsError, match="8 measured sites"):
        bench.predict_with(league(bench.settings)[CHAMPION], [(np.arange(16), np.arange(16, 24))])


@pytest.mark.slow("the champion learns nothing where there is nothing to learn")
def test_shuffled_targets_bring_the_champion_down_to_the_mean(many_projects, tiny):
    """With real targets the champion is far better than the mean; with shuffled ones it is not."""
    table = many_projects
    settings = replace(tiny, grid_bags=4, members=8, trees=20)
    order = np.random.default_rng(3).permutation(len(table))
    shuffled = replace(table, shares=table.shares[order])
    ratio = {}
    for name, data in {"real": table, "shuffled": shuffled}.items():
        bench = Bench(data, settings)
        repeats = grouped_folds(data.site_ids, 4, 1, 0)
        errors = {
            key: rmse(out_of_fold_pct(bench, learner, repeats, len(data), len(data))[0] - data.shares)
            for key, learner in league(settings).items()
            if key in (CHAMPION, "training_mean")
        }
        ratio[name] = errors[CHAMPION] / errors["training_mean"]
    assert ratio["real"] < 0.7
    assert 0.93 < ratio["shuffled"] < 1.15


def test_weights_are_convex_find_the_better_and_stay_near_equal_when_told():
    generator = np.random.default_rng(0)
    shares = generator.normal(size=(40, 15))
    good, bad = shares + 0.3 * generator.normal(size=(2, 40, 15)) * np.array([[[1.0]], [[6.0]]])
    weights = blend_weights(np.stack([good, bad]), shares, 0.0)
    assert weights.min() >= 0.0
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > 0.9
    np.testing.assert_allclose(blend_weights(np.stack([good, bad]), shares, 1e6), 0.5, atol=1e-3)


def test_siblings_lift_by_the_random_effects_share():
    errors = np.array([[4.0, np.nan], [6.0, 2.0], [100.0, 100.0]])
    sites = np.array(["a", "a", "b"], dtype=object)
    lift = sibling_lift(errors, sites, np.array(["a", "c"], dtype=object), 0.5)
    np.testing.assert_allclose(lift, [[2 * 0.5 / 1.5 * 5.0, 0.5 * 2.0], [0.0, 0.0]])


def test_what_is_asked_twice_is_computed_once(measured, tiny):
    calls = []

    def build(seed):
        calls.append(seed)
        return TrainingMean()

    bench, learner = Bench(measured, tiny), EstimatorLearner(build)
    fold = (np.arange(16), np.arange(16, 24))
    first = bench.predict_with(learner, [fold])
    assert bench.predict_with(learner, [fold])[0] is first[0]
    assert len(calls) == 1


def test_network_results_do_not_depend_on_company(measured, tiny):
    """A fold trained among others gives what it gives alone."""
    folds = [(np.arange(8, 24), np.arange(8)), (np.arange(16), np.arange(16, 24))]
    learner = NetworkLearner(Sight.BOTH, GridSearch(Sight.HOST))
    alone = Bench(measured, tiny).predict_with(learner, folds[:1])[0]
    among = Bench(measured, tiny).predict_with(learner, folds)[0]
    assert np.array_equal(alone, among)


def test_asked_from_several_threads_a_thing_is_computed_once_and_alike(measured, tiny):
    folds = [(np.arange(8, 24), np.arange(8)), (np.arange(16), np.arange(16, 24))]
    alone = {
        name: Bench(measured, tiny).predict_with(learner, folds) for name, learner in league(tiny).items()
    }
    bench, contenders = Bench(measured, tiny), league(tiny)
    counted = _Counted()
    with bench.ahead([(learner, folds) for learner in (counted, *reversed(contenders.values()))]):
        assert bench.predict_with(counted, folds)[0].sum() == 0.0
        for name, learner in contenders.items():
            for shares, expected in zip(bench.predict_with(learner, folds), alone[name], strict=True):
                assert np.array_equal(shares, expected), name
    assert counted.folds == len(folds)


def test_what_fails_in_another_thread_fails_where_it_is_asked(measured, tiny):
    bench = Bench(measured, replace(tiny, min_training_sites=9))
    champion, folds = league(bench.settings)[CHAMPION], [(np.arange(16), np.arange(16, 24))]
    with bench.ahead([(champion, folds)]), pytest.raises(TooFewRowsError, match="8 measured sites"):
        bench.predict_with(champion, folds)


class _Counted(Learner):
    """Counts the folds it is asked for, slowly enough to be asked again meanwhile."""

    folds = 0

    def predict_folds(self, bench, folds):
        time.sleep(0.05)
        self.folds += len(folds)
        return [np.zeros((len(test), 15)) for _, test in folds]


def test_grid_is_every_combination(tiny):
    settings = replace(tiny, grid_weight_decays=(1.0, 3.0), grid_steps=((0.01, 20), (0.001, 40)))
    assert len(set(grid_points(settings))) == 2 * 2 * 2


def test_projects_without_amounts_get_a_model_that_never_saw_any(measured, tiny):
    train, test = np.arange(16), np.arange(16, 24)
    unstated = hidden(measured, Sight.AMOUNTS, np.isin(np.arange(24), test))
    for name in ("ridge", "extra_trees", "mlp_ensemble"):
        shown = Bench(unstated, tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        changed = replace(unstated, features=unstated.features.copy())
        changed.features.loc[train, "grade_treo_wt_pct"] *= np.linspace(0.1, 10.0, len(train))
        never = Bench(changed, tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        np.testing.assert_allclose(shown, never, atol=1e-9)
    features = ProjectFeatures(use_amounts=False).fit(measured.features.iloc[train])
    matrices = [features.transform(measured.features.iloc[rows]) for rows in (train, test)]
    plain = FilledTargets(Ridge(alpha=3.0)).fit(matrices[0], measured.shares[train])
    ridge = Bench(unstated, tiny).predict_with(league(tiny)["ridge"], [(train, test)])[0]
    has_host = unstated.features["host_group"].notna().to_numpy()[test]
    np.testing.assert_allclose(ridge[has_host], plain.predict(matrices[1])[has_host])


class _Told(Learner):
    """Predicts nothing but the name of the learner: its number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def predict_folds(self, bench, folds):
        return [np.full((len(test), 15), float(self.number)) for _, test in folds]


def test_each_row_is_predicted_by_the_learner_of_its_sight(measured, tiny):
    table = hidden(measured, Sight.AMOUNTS, np.arange(24) % 2 == 0)
    learner = BySight({sight: _Told(int(sight)) for sight in SIGHTS})
    train, test = np.arange(12), np.arange(12, 24)
    bench = Bench(table, tiny)
    predicted = bench.predict_with(learner, [(train, test)])[0][:, 0]
    features = table.features.iloc[test]
    stated = features[["grade_treo_wt_pct", "resource_treo_t"]].notna().any(axis=1)
    expected = stated.astype(int) + features["host_group"].notna().astype(int) * 2
    assert set(expected) == set(SIGHTS)
    assert predicted.tolist() == expected.tolist()
    inside = learner.predict_inside(bench, train, train[3:])[:, 0]
    assert set(inside) == set(SIGHTS)
    assert inside.tolist() == own_sights(table.rows(train))[3:].tolist()
    assert (learner.uses(Sight.HOST), BySight(dict.fromkeys(SIGHTS, _Told(0))).uses(Sight.HOST)) == (
        True,
        False,
    )


def test_a_host_that_only_a_sibling_has_is_as_good_as_none(measured, tiny):
    """In the choice of the model, in the label and in the interval alike: one value decides all three."""
    others = np.arange(24) != 1
    table = replace(measured, features=measured.features.copy(), is_measured=others, is_trainable=others)
    assert table.site_ids[0] == table.site_ids[1]
    table.features.loc[:1, ["host_mineral", "host_group"]] = ["loparite", "loparite_steenstrupine"]
    table.features.loc[1, "mineral_confidence"] = "stated"
    train, test = np.flatnonzero(table.is_measured), np.array([1])
    for name in ("ridge", "host_mean_shrunk", CHAMPION):
        told = Bench(table, tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        never = Bench(hidden(table, Sight.HOST), tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        np.testing.assert_allclose(told, never, atol=1e-9)
    assert mineral_bases(table)[1] == "none"
    assert Sight(own_sights(table)[1]) == Sight.AMOUNTS
    names = (*HIDDEN, *UNSEEN_FAMILY.values())
    # The errors of each variant are in another oxide, so the spread says which of them it is made of.
    shown = np.where(table.shares[train] > 0.0, table.shares[train], 0.1)
    made = {name: close(shown * np.exp(-np.eye(15)[number])) for number, name in enumerate(names)}

    def made_of(table: Dataset) -> str:
        spread = Simulator(table, Calibration(made), tiny).spread(1, shown[0], np.full(15, np.nan))
        return names[int(np.argmax(spread.shares_pct.mean(axis=0) / shown[0]))]

    assert made_of(table) == "minerals_hidden"
    elsewhere = replace(table, features=table.features.copy())
    elsewhere.features.loc[10, ["host_mineral", "host_group"]] = ["loparite", "loparite_steenstrupine"]
    assert mineral_bases(elsewhere)[1] == "stated"
    assert made_of(elsewhere) == "as_is"


def test_without_its_mineral_a_project_is_predicted_as_if_nobody_knew_of_minerals(measured, tiny):
    """The champion without minerals is what unknown mineralogy gets: no better and no worse."""
    train, test = np.arange(16), np.arange(16, 24)
    both = stack(measured, hidden(measured, Sight.HOST))
    bench, blind = Bench(both, tiny), Bench(hidden(measured, Sight.HOST), tiny)
    for name in ("ridge", CHAMPION):
        shown, without = bench.predict_with(
            league(tiny)[name], [(train, test), (train, test + len(measured))]
        )
        never = blind.predict_with(league(tiny)[name], [(train, test)])[0]
        np.testing.assert_allclose(without, never, atol=1e-9)
        known = measured.features["host_mineral"].notna().to_numpy()[test]
        assert known.any()
        assert not known.all()
        np.testing.assert_allclose(shown[~known], never[~known], atol=1e-9)
        assert np.abs(shown[known] - never[known]).max() > 0.01


def test_a_host_that_nothing_measured_has_is_as_good_as_none(measured, tiny):
    """Told of a mineral no training row has anything like, the informed models would only guess."""
    train, test = np.arange(16), np.arange(16, 24)
    strange = replace(measured, features=measured.features.copy())
    strange.features.loc[test, ["host_mineral", "host_group"]] = ["loparite", "loparite_steenstrupine"]
    for name in ("ridge", CHAMPION):
        told = Bench(strange, tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        unlabelled = hidden(measured, Sight.HOST, np.arange(len(measured)) >= 16)
        never = Bench(unlabelled, tiny).predict_with(league(tiny)[name], [(train, test)])[0]
        np.testing.assert_allclose(told, never, atol=1e-9)


def test_minerals_that_decide_are_learned(many_projects, tiny):
    """Where the host decides the composition, models that see it beat themselves without it."""
    hosts = np.array(["monazite", "xenotime"], dtype=object)[np.arange(len(many_projects)) % 2]
    shares = many_projects.shares * np.where((hosts == "xenotime")[:, None], np.linspace(0.2, 3, 15), 1.0)
    told = replace(
        many_projects,
        shares=close(shares),
        features=many_projects.features.assign(
            host_mineral=hosts, host_group=hosts, mineral_confidence="stated"
        ),
    )
    repeats = grouped_folds(told.site_ids, 4, 1, 0)
    settings = replace(tiny, trees=30)
    for name in ("ridge", "gaussian_process", "random_forest", "extra_trees", "lightgbm"):
        error = {}
        for key, table in {"seen": told, "hidden": hidden(told, Sight.HOST)}.items():
            found = out_of_fold_pct(
                Bench(table, settings), league(settings)[name], repeats, len(told), len(told)
            )
            error[key] = rmse(found[0] - told.shares)
        assert error["seen"] < 0.9 * error["hidden"], name


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("ridge", {"ridge_alpha": 30.0}),
        ("ridge", {"amount_shrinkage_rows": 50.0}),
        ("nearest_neighbours", {"neighbours": 3}),
        ("random_forest", {"tree_leaf_rows": 6}),
        ("extra_trees", {"trees": 7}),
        ("lightgbm", {"boosting_trees": 9}),
        ("lightgbm", {"boosting_rate": 0.5}),
        ("lightgbm", {"boosting_leaves": 2}),
        ("lightgbm", {"boosting_leaf_rows": 7}),
        ("lightgbm", {"boosting_penalty": 50.0}),
        ("gaussian_process", {"process_families": (9.0,)}),
        ("gaussian_process", {"process_hosts": (9.0,)}),
        ("gaussian_process", {"process_tailings": 5.0}),
        ("gaussian_process", {"process_amounts": 5.0}),
        ("gaussian_process", {"process_lengths": (9.0,)}),
        ("gaussian_process", {"process_noises": (9.0,)}),
        (CHAMPION, {"blended": ("ridge", "host_mean_shrunk")}),
    ],
)
def test_what_the_settings_hold_is_what_is_trained_with(measured, tiny, name, changed):
    table = replace(measured, features=measured.features.copy())
    table.features.loc[4:9, "grade_treo_wt_pct"] = np.nan
    fold = (np.arange(16), np.arange(16, 24))
    usual, other = (
        Bench(table, settings).predict_with(league(settings)[name], [fold])[0]
        for settings in (tiny, replace(tiny, **changed))
    )
    assert np.abs(usual - other).max() > 1e-6


def test_process_falls_back_to_the_mean_far_from_everything(measured):
    features = measured.features.assign(deposit_family="granite", is_tailings=False)
    generator = np.random.default_rng(0)
    targets = generator.uniform(size=(len(features), 15))
    model = SharedProcess().fit(features, targets)
    far = features.iloc[:1].assign(
        deposit_family="unheard",
        host_mineral=None,
        host_group=None,
        grade_treo_wt_pct=1e60,
        resource_treo_t=1e60,
    )
    np.testing.assert_allclose(model.predict(far)[0], targets.mean(axis=0))


def test_process_knows_mineral_group_and_family_apart():
    """A mineral never seen is taken for its group, a group never seen for its family."""
    count = 40
    groups = np.array(["a", "b"], dtype=object)[np.arange(count) % 2]
    minerals = np.array([f"{group}{number % 4 // 2}" for number, group in enumerate(groups)], dtype=object)
    features = pd.DataFrame(
        {
            "deposit_family": "placer",
            "is_tailings": False,
            "grade_treo_wt_pct": np.nan,
            "resource_treo_t": np.nan,
            "host_mineral": minerals,
            "host_group": groups,
        }
    )
    level = {"a0": 10.0, "a1": 12.0, "b0": 30.0, "b1": 32.0}
    targets = np.array([level[mineral] for mineral in minerals])[:, None] + np.zeros((1, 15))
    targets += np.random.default_rng(0).normal(scale=0.1, size=targets.shape)
    model = SharedProcess(use_amounts=False).fit(features, targets)
    asked = features.iloc[:3].assign(host_mineral=["a1", "new", None], host_group=["a", "a", None])
    own, group, family = model.predict(asked)[:, 0]
    assert own == pytest.approx(12.0, abs=1.0)
    assert abs(group - 11.0) < 0.6 * abs(group - 21.0)
    assert family == pytest.approx(21.0, abs=1.5)
