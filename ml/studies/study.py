"""Studies too long for every build: the reference in Keras, the learning curve, a wide search, mineralogy.

Each yields metrics for the same table as a build's; `ml.pipeline` stores them as runs of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import HOST_COLUMNS, Dataset
from ml.folds import Fold, grouped_folds, training_on
from ml.judging.metrics import Metric, SiteBootstrap, Stratum, rmse
from ml.judging.pattern import to_learn_from
from ml.judging.protocols import out_of_fold_pct
from ml.models.league import league
from ml.models.learners import Bench, Learner
from ml.models.members import prepared_tensorflow
from ml.oxides import HREE, OXIDES, FloatArray, group_sum_pct
from ml.settings import CHAMPION, Settings
from ml.sight import Sight, hidden, mineral_bases
from ml.studies.reference import BATCH_ROWS, WIDTHS, ReferenceSplit, reference_splits, spread_over_seeds
from ml.studies.settings import StudySettings

MINERAL_MODELS = ("host_mean_shrunk", "gaussian_process", CHAMPION)
PERMUTED_MODELS = ("host_mean_shrunk", "gaussian_process")

CURVE_MODELS = ("training_mean", "family_mean_shrunk", "host_mean_shrunk", CHAMPION)


@dataclass(frozen=True, eq=False)
class StudyData:
    """What a study may read.

    Attributes:
        everything: All projects.
        reference_inputs: What the reference study was made on, as in `ml.studies.reference`; None where it is
            not there.
        label_variants: Doubtful labels of principal hosts set otherwise: `variant`, `project_id`, `mineral`
            and `mineral_group`, both None for unknown.
    """

    everything: Dataset
    reference_inputs: pd.DataFrame | None
    label_variants: pd.DataFrame

    @property
    def measured(self) -> Dataset:
        """Projects with a full composition."""
        return self.everything.rows(self.everything.is_measured)


Study = Callable[[StudyData, Settings, StudySettings], Iterator[Metric]]


def reference_keras(data: StudyData, settings: Settings, study: StudySettings) -> Iterator[Metric]:
    """Train the reference network in Keras on both splits, on scaled shares and on per cent.

    The variant on per cent stops early on the held-out fifth and keeps the best weights, as the
    study's did. The spread is the standard deviation over seeds.
    """
    if data.reference_inputs is None:
        return
    prepared_tensorflow(settings.threads)
    for split in reference_splits(data.reference_inputs):
        inputs, targets = split.inputs[split.train], split.scaled[split.train]
        queries, observed = split.inputs[split.test], split.scaled[split.test]
        per_cent = split.shares_pct[split.train]
        scaled, unscaled = [], []
        for seed in range(settings.seed, settings.seed + study.keras_seeds):
            scaled.append(_keras_predictions(inputs, targets, queries, seed, study.keras_epochs, None))
            found = _keras_predictions(inputs, per_cent, queries, seed, study.keras_epochs, study.patience)
            unscaled.append((found - split.low) / split.span)
        for name, predicted in {
            "reference_network_keras": scaled,
            "reference_network_keras_per_cent": unscaled,
        }.items():
            yield from spread_over_seeds(name, split.protocol, np.stack(predicted) - observed, split.span)
        yield from _mean_metrics(split)


def _mean_metrics(split: ReferenceSplit) -> Iterator[Metric]:
    """Judge the training mean on the same rows."""
    errors = split.scaled[split.train].mean(axis=0) - split.scaled[split.test]
    yield from spread_over_seeds("training_mean", split.protocol, errors[None], split.span)


def _keras_predictions(
    inputs: FloatArray, targets: FloatArray, queries: FloatArray, seed: int, epochs: int, patience: int | None
) -> FloatArray:
    """Train one network as `keras.Model.fit` does, the last fifth held out, and predict, shape (q, 15).

    The loop over epochs is written out because `fit` spends fifty times the arithmetic on each.
    """
    import keras

    keras.utils.set_random_seed(seed)
    generator = np.random.default_rng(seed)
    layers = [keras.layers.Dense(units, activation="relu") for units in WIDTHS]
    model = keras.Sequential([keras.Input((inputs.shape[1],)), *layers, keras.layers.Dense(len(OXIDES))])
    model.compile("adam", "mse")
    rows = int(len(inputs) * 0.8)
    best_loss, best_epoch, best_weights = np.inf, 0, model.get_weights()
    for epoch in range(epochs):
        order = generator.permutation(rows)
        for first in range(0, rows, BATCH_ROWS):
            batch = order[first : first + BATCH_ROWS]
            model.train_on_batch(inputs[batch], targets[batch])
        if patience is None:
            continue
        model.reset_metrics()  # or the loss is a running mean
        loss = float(model.test_on_batch(inputs[rows:], targets[rows:]))
        if loss < best_loss:
            best_loss, best_epoch, best_weights = loss, epoch, model.get_weights()
        elif epoch - best_epoch >= patience:
            break
    if patience is not None:
        model.set_weights(best_weights)
    return np.asarray(model.predict_on_batch(queries), dtype=np.float64)


def learning_curve(data: StudyData, settings: Settings, study: StudySettings) -> Iterator[Metric]:
    """Train on ever more sites of the same training folds; test on the same test folds."""
    settings = replace(settings, min_training_sites=min(study.curve_sites))
    sites = data.measured.site_ids
    repeats = grouped_folds(sites, settings.folds, study.repeats, settings.seed)
    contenders = {name: league(settings)[name] for name in CURVE_MODELS}
    for size in study.curve_sites:
        thinned = [[(_thinned(sites, train, size), test) for train, test in folds] for folds in repeats]
        for metric in _judged(data.measured, contenders, thinned, settings):
            yield replace(metric, protocol="learning_curve", stratum=Stratum("training_sites", str(size)))


def _thinned(
    site_ids: npt.NDArray[np.object_], train: npt.NDArray[np.intp], sites: int
) -> npt.NDArray[np.intp]:
    """Keep the training rows of some sites, drawn at random but nested from size to size."""
    names = np.unique(site_ids[train].astype(str))
    kept = np.random.default_rng(0).permutation(names)[:sites]
    return train[np.isin(site_ids[train].astype(str), kept)]


def wide_search(data: StudyData, settings: Settings, study: StudySettings) -> Iterator[Metric]:
    """Choose the networks from a far wider grid, inside the training rows, on everyone's folds."""
    repeats = grouped_folds(data.measured.site_ids, settings.folds, study.repeats, settings.seed)
    yield from _judged(data.measured, {"mlp_ensemble": league(settings)["mlp_ensemble"]}, repeats, settings)
    wide = replace(
        settings,
        grid_widths=study.wide_widths,
        grid_weight_decays=study.wide_weight_decays,
        grid_steps=study.wide_steps,
    )
    yield from _judged(
        data.measured, {"mlp_ensemble_wide_search": league(settings)["mlp_ensemble"]}, repeats, wide
    )


def mineral_labels(data: StudyData, settings: Settings, study: StudySettings) -> Iterator[Metric]:
    """Judge models on the labels as they are, on stated ones alone, and on each variant of them.

    A variant changes labels in training and in test rows. Besides the error, the mean predicted sum of heavy
    oxides of the unmeasured projects whose label a variant changes, as labelled and as in the variant.
    """
    everything = data.everything
    tables = {"as_labelled": everything, "hidden": hidden(everything, Sight.HOST)}
    tables["stated_only"] = hidden(everything, Sight.HOST, mineral_bases(everything) != "stated")
    for variant, rows in data.label_variants.groupby("variant", sort=True):
        tables[str(variant)] = _relabelled(everything, rows)
    repeats = grouped_folds(data.measured.site_ids, settings.folds, study.repeats, settings.seed)
    fresh = {name: _unmeasured_hree_pct(table, settings) for name, table in tables.items()}
    for name, table in tables.items():
        contenders = {model: league(settings)[model] for model in MINERAL_MODELS}
        measured = table.rows(table.is_measured)
        stratum = Stratum("label_variant", name)
        for metric in _judged(measured, contenders, repeats, settings):
            yield replace(metric, protocol="mineral_labels", stratum=stratum)
        own = data.label_variants.loc[data.label_variants["variant"] == name, "project_id"]
        affected = np.isin(everything.project_ids[~everything.is_measured], list(own))
        if affected.any():
            means = {"relabelled_mean_before_pct": "as_labelled", "relabelled_mean_after_pct": name}
            for metric_name, source in means.items():
                yield Metric(
                    CHAMPION,
                    "mineral_labels",
                    metric_name,
                    "hree",
                    float(fresh[source][affected].mean()),
                    stratum=stratum,
                    projects=int(affected.sum()),
                )


def _relabelled(table: Dataset, rows: pd.DataFrame) -> Dataset:
    """Replace the principal hosts of some projects."""
    features = table.features.copy()
    place = pd.Index(table.project_ids).get_indexer(pd.Index(rows["project_id"]))
    minerals = rows["mineral"].astype(object).where(rows["mineral"].notna(), None)
    features.loc[place, "host_mineral"] = minerals.to_numpy()
    groups = rows["mineral_group"].astype(object).where(rows["mineral"].notna(), None)
    features.loc[place, "host_group"] = groups.to_numpy()
    features.loc[place, "mineral_confidence"] = [mineral and "inferred" for mineral in minerals]
    return replace(table, features=features)


def _unmeasured_hree_pct(table: Dataset, settings: Settings) -> FloatArray:
    """Predict the heavy oxides' sum of the unmeasured by a champion of all measured, shape (q,)."""
    train, others = np.flatnonzero(table.is_trainable), np.flatnonzero(~table.is_measured)
    if not len(others):
        return np.empty(0)
    shares = Bench(to_learn_from(table), settings).predict_with(
        league(settings)[CHAMPION], [(train, others)]
    )[0]
    return group_sum_pct(shares, HREE)


def mineral_permutations(data: StudyData, settings: Settings, study: StudySettings) -> Iterator[Metric]:
    """Shuffle principal hosts among the measured projects of each family: is the gain chance?

    The p-value is (1 + shuffles that do as well) / (1 + shuffles) (Phipson and Smyth, 2010,
    doi:10.2202/1544-6115.1585). Two quick models are used; the champion takes minutes.
    """
    measured = data.measured
    repeats = grouped_folds(measured.site_ids, settings.folds, study.repeats, settings.seed)
    generator = np.random.default_rng(settings.seed)
    orders = [_order_within(measured.families, generator) for _ in range(study.permutations)]
    for model in PERMUTED_MODELS:
        observed = _rmse_pct(measured, model, repeats, settings)
        shuffled = np.array(
            [_rmse_pct(_shuffled(measured, order), model, repeats, settings) for order in orders]
        )
        p_value = (1 + int((shuffled <= observed).sum())) / (1 + len(shuffled))
        numbers = {
            "rmse_pct": (observed, None),
            "shuffled_rmse_mean_pct": (float(shuffled.mean()), float(shuffled.std(ddof=1))),
            "shuffled_rmse_least_pct": (float(shuffled.min()), None),
            "permutation_p_value": (p_value, None),
        }
        for name, (value, spread) in numbers.items():
            yield Metric(model, "mineral_permutation", name, "all", value, spread, projects=len(measured))


def _order_within(families: npt.NDArray[np.object_], generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """Draw an order of the rows in which every row takes the place of one of its own family."""
    order = np.arange(len(families))
    for family in dict.fromkeys(families):
        own = np.flatnonzero(families == family)
        order[own] = generator.permutation(own)
    return order


def _shuffled(measured: Dataset, order: npt.NDArray[np.intp]) -> Dataset:
    columns = list(HOST_COLUMNS)
    labels = measured.features[columns].iloc[order].reset_index(drop=True)
    return replace(measured, features=measured.features.assign(**{name: labels[name] for name in columns}))


def _rmse_pct(measured: Dataset, model: str, repeats: list[list[Fold]], settings: Settings) -> float:
    rows = len(measured)
    bench = Bench(to_learn_from(measured), settings)
    learned = [training_on(folds, measured.is_trainable) for folds in repeats]
    predicted = out_of_fold_pct(bench, league(settings)[model], learned, rows, rows)
    return rmse(predicted - measured.shares)


def _judged(
    measured: Dataset, contenders: dict[str, Learner], repeats: list[list[Fold]], settings: Settings
) -> Iterator[Metric]:
    """Give the RMSE of each contender over all cells, error by bootstrap over sites."""
    bench = Bench(to_learn_from(measured), settings)
    bootstrap = SiteBootstrap(measured.site_ids, settings.bootstrap_draws, settings.seed)
    folds = [fold for of_repeat in repeats for fold in training_on(of_repeat, measured.is_trainable)]
    for name, learner in contenders.items():
        predicted = np.empty((len(repeats), *measured.shares.shape))
        for number, shares in enumerate(bench.predict_with(learner, folds)):
            predicted[number // settings.folds, folds[number][1]] = shares
        estimate = bootstrap.rmse(np.moveaxis(predicted - measured.shares, 0, 1))
        yield Metric(
            name,
            "grouped_cv",
            "rmse_pct",
            "all",
            estimate.value,
            estimate.standard_error,
            projects=estimate.projects,
        )


STUDIES: dict[str, Study] = {
    "study_reference_keras": reference_keras,
    "study_learning_curve": learning_curve,
    "study_wide_search": wide_search,
    "study_mineral_labels": mineral_labels,
    "study_mineral_permutations": mineral_permutations,
}
"""All studies by the name their runs carry."""
