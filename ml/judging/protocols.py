"""The evaluation every model is judged by: out of fold, by site, and at random for contrast."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ml.dataset import Dataset, stack
from ml.folds import Fold, grouped_folds, random_folds, training_on
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, error_pool
from ml.judging.completion import condition, error_covariances, fill_room
from ml.judging.intervals import with_group_sums
from ml.judging.metrics import (
    EVERYTHING,
    Compared,
    Estimate,
    Metric,
    SiteBootstrap,
    Stratum,
    aitchison_distance,
    is_covered,
)
from ml.judging.pattern import known_below, to_learn_from
from ml.judging.simulation import observed_pct
from ml.judging.spread import Spread, interval_pct, log_errors
from ml.models.learners import Bench, BlendLearner, BySight, Learner
from ml.oxides import GROUPS, HREE, OXIDES, FloatArray, close, oxide_positions
from ml.settings import CHAMPION, Settings
from ml.sight import Sight, SightArray, hidden, mineral_bases, own_sights

INTERVAL_LEVELS: tuple[float, ...] = (0.8, 0.9)

ANALYSED_FIRST = ("La2O3", "Ce2O3", "Nd2O3", "Y2O3")
"""Oxides that a partial analysis usually has."""


WHOLLY_JUDGED = ("as_is", "minerals_hidden")
"""Variants whose distributions and intervals are judged, and not their errors alone."""

PROTOCOL_OF: dict[str, str] = {
    "as_is": "grouped_cv",
    "amounts_hidden": "grouped_cv_amounts_hidden",
    "minerals_hidden": "grouped_cv_minerals_hidden",
    "amounts_and_minerals_hidden": "grouped_cv_amounts_and_minerals_hidden",
}
"""Protocol of folds by site under which each variant of the rows is judged."""

MINERALS_TAKEN: dict[str, str] = {"as_is": "minerals_hidden", "amounts_hidden": "amounts_and_minerals_hidden"}
"""Variants that show host minerals, and the same without."""

YARDSTICKS: tuple[str, ...] = ("training_mean", "family_mean_shrunk", CHAMPION)
"""Models that every other is compared with, pair by pair."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What the league came to.

    Attributes:
        metrics: All numbers.
        out_of_fold_pct: The champion's predictions of rows it did not see, per cent, shape (n, 15), each row
            summing to 100, by variant: those of `HIDDEN` (folds by site, mean over repeats) and of
            `UNSEEN_FAMILY` (NaN where too few sites of other families are left).
        chosen: Mean blend weight per component over folds by site, with and without sight of minerals.
        predicted_pct: What each model predicted of rows it did not see, per cent, shape (repeats, n, 15), by
            model and protocol.
    """

    metrics: tuple[Metric, ...]
    out_of_fold_pct: dict[str, FloatArray]
    chosen: dict[str, dict[str, float]] = field(default_factory=dict)
    predicted_pct: dict[tuple[str, str], FloatArray] = field(default_factory=dict)


def out_of_fold_pct(
    bench: Bench, learner: Learner, repeats: list[list[Fold]], rows: int, asked: int
) -> FloatArray:
    """Predict every row by models that never saw it.

    Args:
        bench: Its table holds the rows, `asked` / `rows` times over (see `twins`).
        learner: The model.
        repeats: Folds of each repeat, over the first `rows` positions.
        rows: Rows that are trained on.
        asked: Rows that are predicted, a multiple of `rows`.

    Returns:
        Shares in per cent, shape (repeats, asked, 15); NaN in rows that no fold tests.
    """
    folds = asked_folds(repeats, rows, asked)
    made = iter(bench.predict_with(learner, folds))
    predicted = np.full((len(repeats), asked, len(OXIDES)), np.nan)
    flat = iter(folds)
    for repeat, own in enumerate(repeats):
        for _ in own:
            predicted[repeat, next(flat)[1]] = next(made)
    return predicted


def asked_folds(repeats: list[list[Fold]], rows: int, asked: int) -> list[Fold]:
    """List the folds of all repeats, each testing all copies of its rows; see `out_of_fold_pct`."""
    copies = range(0, asked, rows)
    return [
        (train, np.concatenate([test + first for first in copies]))
        for folds in repeats
        for train, test in folds
    ]


def evaluate(
    measured: Dataset,
    contenders: dict[str, Learner],
    settings: Settings,
    progress: Callable[[str], None] | None = None,
) -> Evaluation:
    """Run the league under all protocols.

    Args:
        measured: Rows with full compositions.
        contenders: Who plays, by name, the champion among them.
        settings: Folds, repeats, seeds and hyper-parameters.
        progress: Receives one line before each model and protocol.

    Returns:
        All metrics and the champion's predictions of rows it did not see.
    """
    say = progress or (lambda line: None)
    judge = Judge(measured, settings)
    rows = len(measured)
    bench = Bench(twins(to_learn_from(measured)), settings)
    drawn = grouped_folds(measured.site_ids, settings.folds, settings.grouped_repeats, settings.seed)
    grouped = [training_on(folds, measured.is_trainable) for folds in drawn]
    drawn = random_folds(rows, settings.folds, settings.random_repeats, settings.seed)
    mixed = [training_on(folds, measured.is_trainable) for folds in drawn]
    champion = contenders[CHAMPION]
    assert isinstance(champion, BySight)
    outer = asked_folds(grouped, rows, len(HIDDEN) * rows) + asked_folds(mixed, rows, rows)
    siblings = itertools.chain.from_iterable(_sibling_folds(measured).values())
    further = [*siblings, *_family_folds(measured, settings)]
    # The champion is asked first: it is made of what the others are asked too.
    ahead = [(learner, outer) for learner in reversed(contenders.values()) if learner is not champion]
    with bench.ahead([(champion, outer + further), *ahead]):
        _judge_all(judge, bench, contenders, (grouped, mixed), say)
    apart = out_of_fold_pct(bench, champion, grouped, rows, len(HIDDEN) * rows)
    say("completing compositions of which a part is known")
    judge.complete(bench, champion, grouped, apart[:, :rows])
    say("leaving out single projects, and whole families")
    judge.siblings(bench, champion)
    shown = close(apart.mean(axis=0)).reshape(len(HIDDEN), rows, len(OXIDES))
    return Evaluation(
        tuple(judge.metrics),
        dict(zip(HIDDEN, shown, strict=True)) | _unseen_family_pct(bench, champion, measured, settings),
        {
            "with_minerals": _mean_weights(bench, champion.learners[Sight.HOST], grouped),
            "without_minerals": _mean_weights(bench, champion.learners[Sight.NOTHING], grouped),
        },
        judge.predicted,
    )


def _judge_all(
    judge: Judge,
    bench: Bench,
    contenders: dict[str, Learner],
    folds: tuple[list[list[Fold]], list[list[Fold]]],
    say: Callable[[str], None],
) -> None:
    """Judge every contender on folds by site and on random folds."""
    (grouped, mixed), settings, rows = folds, bench.settings, len(judge.measured)
    for name, learner in contenders.items():
        say(f"judging {name}, {len(grouped)} x {settings.folds} folds by site")
        apart = out_of_fold_pct(bench, learner, grouped, rows, len(HIDDEN) * rows)
        informed = isinstance(learner, BySight) and learner.uses(Sight.HOST)
        for number, variant in enumerate(HIDDEN):
            shown = apart[:, number * rows : (number + 1) * rows]
            seen = informed and Sight.HOST not in HIDDEN[variant]
            judge.add(name, PROTOCOL_OF[variant], shown, variant not in WHOLLY_JUDGED, seen)
        if informed:
            judge.gain(name)
        say(f"judging {name}, {len(mixed)} x {settings.folds} random folds")
        judge.add(name, "random_cv", out_of_fold_pct(bench, learner, mixed, rows, rows), brief=True)
    judge.compare()


def twins(measured: Dataset) -> Dataset:
    """Put the rows below each other once per variant of `HIDDEN`, in its order.

    Most projects without a published composition lack grade and resource, and many a host mineral: what
    models make of such rows is measured on the same projects with that hidden.
    """
    return functools.reduce(stack, [hidden(measured, what) for what in HIDDEN.values()])


def _mean_weights(bench: Bench, blend: Learner, repeats: list[list[Fold]]) -> dict[str, float]:
    assert isinstance(blend, BlendLearner)
    weights = [blend.weights(bench, train) for folds in repeats for train, _ in folds]
    return dict(zip(blend.components, np.mean(weights, axis=0).tolist(), strict=True))


def _unseen_family_pct(
    bench: Bench, champion: Learner, measured: Dataset, settings: Settings
) -> dict[str, FloatArray]:
    """Predict each family by a champion that saw none of it, shapes (n, 15); NaN if too few are left."""
    rows = len(measured)
    predicted = np.full((len(HIDDEN) * rows, len(OXIDES)), np.nan)
    folds = _family_folds(measured, settings)
    for (_, test), shares in zip(folds, bench.predict_with(champion, folds), strict=True):
        predicted[test] = shares
    return {
        variant: predicted[start : start + rows]
        for variant, start in zip(UNSEEN_FAMILY.values(), _starts(rows), strict=True)
    }


def _starts(rows: int) -> list[int]:
    """Give the position in `twins` at which each variant of `UNSEEN_FAMILY` starts."""
    return [list(HIDDEN.values()).index(what) * rows for what in UNSEEN_FAMILY]


def _family_folds(measured: Dataset, settings: Settings) -> list[Fold]:
    """Leave out one family after the other; none of which too few sites of others are left."""
    folds = []
    for family in dict.fromkeys(measured.families):
        is_own = measured.families == family
        if len(set(measured.site_ids[~is_own])) >= settings.min_training_sites:
            own = np.flatnonzero(is_own)
            asked = np.concatenate([own + start for start in _starts(len(measured))])
            folds.append((np.flatnonzero(~is_own), asked))
    return training_on(folds, measured.is_trainable)


def _sibling_folds(measured: Dataset) -> dict[str, list[Fold]]:
    """Leave out each project that has a measured sibling, alone and with its site, by protocol."""
    sites, everything = measured.site_ids, np.arange(len(measured))
    learned = measured.is_trainable
    ours = [row for row in everything[learned] if (learned & (sites == sites[row])).sum() > 1]
    folds = {
        "leave_one_project_out": [(everything[everything != row], np.array([row])) for row in ours],
        "leave_one_site_out": [(np.flatnonzero(sites != sites[row]), np.array([row])) for row in ours],
    }
    return {protocol: training_on(own, measured.is_trainable) for protocol, own in folds.items()}


def covariances_by_sight(
    bench: Bench, champion: BySight, train: npt.NDArray[np.intp]
) -> dict[int, dict[object, FloatArray]]:
    """Error covariances (see `ml.judging.completion`) inside a training set, by what is known of a row."""
    found: dict[Learner, dict[object, FloatArray]] = {}
    for blend in dict.fromkeys(champion.learners.values()):
        assert isinstance(blend, BlendLearner)
        errors = bench.table.shares[train] - blend.inside_pct(bench, train)
        pull = bench.settings.completion_pull_rows
        found[blend] = error_covariances(errors, bench.table.families[train], pull)
    return {int(sight): found[blend] for sight, blend in champion.learners.items()}


class Judge:
    """Turns predictions into metrics."""

    def __init__(self, measured: Dataset, settings: Settings) -> None:
        self.measured = measured
        self.settings = settings
        self.metrics: list[Metric] = []
        self.bootstrap = SiteBootstrap(measured.site_ids, settings.bootstrap_draws, settings.seed)
        # The published HREE percentage counts suspect zeros as 0, and so do the sums here.
        # What models do not learn from, because it is not of an ore or is there twice, is not judged either.
        own = measured.is_trainable[:, None]
        self.shares = np.where(own, measured.shares, np.nan)
        self.stored = np.where(own, measured.stored_shares, np.nan)
        sums = with_group_sums(self.stored)[:, len(OXIDES) :]
        self.observed = np.concatenate([self.shares, sums], axis=1)
        self.most = np.concatenate([known_below(measured), sums], axis=1)
        self.targets = {"all": list(range(len(OXIDES)))}
        self.targets |= {name: [j] for j, name in enumerate((*OXIDES, *GROUPS))}
        low, high = np.nanmin(self.shares, axis=0), np.nanmax(self.shares, axis=0)
        self.ranges = np.where(high > low, high - low, 1.0)
        self.errors: dict[tuple[str, str], FloatArray] = {}
        self.predicted: dict[tuple[str, str], FloatArray] = {}
        self.everything = {EVERYTHING: np.ones(len(measured), dtype=np.bool_)}
        self.parts = _parts(measured)

    def add(
        self, name: str, protocol: str, predicted: FloatArray, brief: bool = False, informed: bool = False
    ) -> None:
        """Judge predictions, shape (repeats, n, 15).

        `brief` skips distributions and intervals; `informed` says that the model saw host minerals, and so
        may the intervals around it.
        """
        full = with_group_sums(predicted)
        errors = np.moveaxis(full - self.observed, 0, 1)  # (n, repeats, 18)
        self.predicted[name, protocol] = predicted
        self.errors[name, protocol] = errors[:, :, : len(OXIDES)]
        for metric, target, estimate in self._errors(predicted, errors):
            self._record(name, protocol, metric, target, estimate)
        for stratum, rows in self.parts.items():
            own = np.where(rows[:, None, None], errors[:, :, : len(OXIDES)], np.nan)
            self._record(name, protocol, "rmse_pct", "all", self.bootstrap.rmse(own), stratum)
        if not brief:
            self._distributions(name, protocol, predicted.mean(axis=0), informed)

    def gain(self, name: str) -> None:
        """Record what host minerals change: RMSE as shown minus RMSE with minerals hidden, paired."""
        for shown, without in MINERALS_TAKEN.items():
            other = Compared(name, PROTOCOL_OF[without])
            self._difference(name, PROTOCOL_OF[shown], other, self.everything | self.parts)

    def compare(self) -> None:
        """Record how far each model is from each of `YARDSTICKS`, judged alike: RMSE minus RMSE, paired."""
        for name, protocol in list(self.errors):
            for other in YARDSTICKS:
                if other != name and (other, protocol) in self.errors:
                    self._difference(name, protocol, Compared(other, protocol), self.everything)

    def _difference(
        self, name: str, protocol: str, other: Compared, parts: dict[Stratum, npt.NDArray[np.bool_]]
    ) -> None:
        errors, others = self.errors[name, protocol], self.errors[other]
        for stratum, rows in parts.items():
            own = rows[:, None, None]
            gap = self.bootstrap.rmse_difference(np.where(own, errors, np.nan), np.where(own, others, np.nan))
            self._record(name, protocol, "rmse_difference_pct", "all", gap, stratum, compared=other)

    def _record(
        self,
        name: str,
        protocol: str,
        metric: str,
        target: str,
        estimate: Estimate,
        stratum: Stratum = EVERYTHING,
        level: int | None = None,
        compared: Compared | None = None,
    ) -> None:
        if np.isfinite(estimate.value):
            self.metrics.append(
                Metric(
                    name,
                    protocol,
                    metric,
                    target,
                    estimate.value,
                    estimate.standard_error,
                    stratum,
                    level,
                    compared,
                    estimate.projects,
                    estimate.sites,
                )
            )

    def _errors(self, predicted: FloatArray, errors: FloatArray) -> Iterator[tuple[str, str, Estimate]]:
        for target, chosen in self.targets.items():
            yield "rmse_pct", target, self.bootstrap.rmse(errors[:, :, chosen])
        oxides = errors[:, :, : len(OXIDES)]
        yield "scaled_rmse", "all", self.bootstrap.rmse(oxides / self.ranges)
        stored = np.moveaxis(predicted - self.stored, 0, 1)
        yield "rmse_stored_pct", "all", self.bootstrap.rmse(stored)
        distance = aitchison_distance(predicted, self.shares).T
        yield "aitchison_distance", "all", self.bootstrap.mean(distance)

    def _distributions(self, name: str, protocol: str, predicted: FloatArray, informed: bool) -> None:
        """CRPS and intervals of the mean prediction over repeats, shape (n, 15)."""
        alike = self.measured if informed else hidden(self.measured, Sight.HOST)
        errors = log_errors(observed_pct(self.measured, predicted), predicted)
        spreads = error_pool(errors, alike, self.settings).own_spreads(predicted)
        self.spreads(name, protocol, spreads, with_group_sums(predicted))

    def spreads(self, name: str, protocol: str, spreads: list[Spread], predicted: FloatArray) -> None:
        """Record how good the spreads around predictions, shape (n, 18), are: CRPS and intervals."""
        scores = np.stack([spread.crps_pct(own) for spread, own in zip(spreads, self.observed, strict=True)])
        for target in ("all", *GROUPS):
            estimate = self.bootstrap.mean(scores[:, self.targets[target]])
            self._record(name, protocol, "crps_pct", target, estimate)
        for level in INTERVAL_LEVELS:
            self.intervals(name, protocol, level, *interval_pct(spreads, predicted, level))

    def intervals(
        self,
        name: str,
        protocol: str,
        level: float,
        lower: FloatArray,
        upper: FloatArray,
        asked: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Record coverage (fraction) and mean width (per cent) of intervals.

        Args:
            name: Model.
            protocol: How it was judged.
            level: Promised coverage.
            lower: Lower ends, shape (n, 18).
            upper: Upper ends, shape (n, 18).
            asked: Cells that count, shape (18,); None for all. Sums are judged with all oxides alone.
        """
        percent = round(level * 100)
        observed = self.observed if asked is None else np.where(asked, self.observed, np.nan)
        covered = is_covered(observed, lower, upper, self.most)
        width = np.where(np.isfinite(observed), upper - lower, np.nan)
        for metric, values in (("coverage", covered), ("mean_width_pct", width)):
            for target, chosen in self.targets.items():
                estimate = self.bootstrap.mean(values[:, chosen])
                self._record(name, protocol, metric, target, estimate, level=percent)
            for stratum, rows in self.parts.items():
                own = np.where(rows[:, None], values[:, self.targets["all"]], np.nan)
                self._record(name, protocol, metric, "all", self.bootstrap.mean(own), stratum, percent)
        cells = covered[:, self.targets["all"]]
        whole = np.where(np.isfinite(cells).any(axis=1), (cells != 0.0).all(axis=1).astype(float), np.nan)
        self._record(name, protocol, "whole_coverage", "all", self.bootstrap.mean(whole), level=percent)

    def complete(self, bench: Bench, champion: BySight, repeats: list[list[Fold]], apart: FloatArray) -> None:
        """Judge completion: the HREE percentage known, and the four oxides of `ANALYSED_FIRST`."""
        heavy = np.zeros((1, len(OXIDES)))
        heavy[0, oxide_positions(HREE)] = 1.0
        cases = {
            "grouped_cv_hree_known": heavy,
            "grouped_cv_la_ce_nd_y_known": np.eye(len(OXIDES))[oxide_positions(ANALYSED_FIRST)],
        }
        sights = own_sights(self.measured)
        for protocol, combinations in cases.items():
            predicted = np.empty((len(repeats), len(self.measured), len(OXIDES)))
            for repeat, folds in enumerate(repeats):
                for train, test in folds:
                    covariances = covariances_by_sight(bench, champion, train)
                    predicted[repeat, test] = _conditioned(
                        self.measured.rows(test),
                        apart[repeat, test],
                        covariances,
                        combinations,
                        sights[test],
                        self.settings.completion_noise_pct2,
                    )
            errors = np.moveaxis(predicted - self.shares, 0, 1)
            if len(combinations) > 1:
                errors[:, :, oxide_positions(ANALYSED_FIRST)] = np.nan
            self._record(CHAMPION, protocol, "rmse_pct", "all", self.bootstrap.rmse(errors))

    def siblings(self, bench: Bench, champion: Learner) -> None:
        """Judge what a measured sibling gives: the same projects with and without their site.

        For a project without a measured sibling the two are one, so only the others are run.
        """
        for protocol, folds in _sibling_folds(self.measured).items():
            if folds:
                predicted = np.full_like(self.measured.shares, np.nan)
                for (_, row), shares in zip(folds, bench.predict_with(champion, folds), strict=True):
                    predicted[row] = shares
                estimate = self.bootstrap.rmse(predicted - self.shares)
                self._record(CHAMPION, protocol, "rmse_pct", "all", estimate)


def _parts(measured: Dataset) -> dict[Stratum, npt.NDArray[np.bool_]]:
    """Sort the rows by family, by how their host mineral is known and by host group, each shape (n,)."""
    labels = {
        "family": measured.families,
        "mineral_basis": mineral_bases(measured),
        "host_group": measured.features["host_group"].to_numpy(dtype=object),
    }
    return {
        Stratum(kind, name): own == name
        for kind, own in labels.items()
        for name in dict.fromkeys(own)
        if name is not None
    }


def _conditioned(
    test: Dataset,
    predicted: FloatArray,
    covariances: dict[int, dict[object, FloatArray]],
    combinations: FloatArray,
    sights: SightArray,
    noise_pct2: float,
) -> FloatArray:
    """Condition each row's prediction on its own published sums, shape (n, 15), rows closing to 100."""
    known = test.stored_shares @ combinations.T
    moved = np.empty_like(predicted)
    for row, (family, sight) in enumerate(zip(test.families, sights, strict=True)):
        own = covariances[int(sight)]
        covariance = own.get(family, own[None])
        moved[row] = condition(predicted[row], covariance, combinations, known[row], noise_pct2)
    if len(combinations) == 1:
        return close(moved)
    is_known = combinations.sum(axis=0) > 0
    return fill_room(np.where(is_known, test.stored_shares, np.nan), moved)
