"""Predictions with intervals for every project, from the champion and its out-of-fold errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, Calibration, interval_labels
from ml.judging.completion import complete
from ml.judging.intervals import conformal_half_widths_pct, interval_pct, with_group_sums
from ml.judging.metrics import Metric
from ml.judging.pattern import PatternErrors, along_pattern, is_beside_closed
from ml.judging.protocols import INTERVAL_LEVELS, Judge, covariances_by_sight, local_conformal
from ml.models.league import league
from ml.models.learners import Bench, BySight
from ml.oxides import GROUPS, OXIDES, TOTAL_PCT, FloatArray, close
from ml.settings import CHAMPION, Settings
from ml.sight import Sight, hidden, includes, mineral_bases, own_sights


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions for projects, in the order of their dataset.

    Attributes:
        predicted_pct: Per cent of TREO, shape (n, 18): the oxides, which sum to 100 in each row,
            and the sums of `ml.oxides.GROUPS`.
        lower_pct: Lower ends by level, each shape (n, 18).
        upper_pct: Upper ends by level, each shape (n, 18).
        kind: `out_of_fold`, `unlabelled` or `completed`, shape (n,).
        is_extrapolated: See `extrapolates` and `unlike_shares_of_treo`, shape (n,), bool.
        mineral_basis: How the host mineral a prediction rests on is known, see
            `ml.dataset.MINERAL_BASES`, shape (n,).
    """

    predicted_pct: FloatArray
    lower_pct: dict[float, FloatArray]
    upper_pct: dict[float, FloatArray]
    kind: npt.NDArray[np.object_]
    is_extrapolated: npt.NDArray[np.bool_]
    mineral_basis: npt.NDArray[np.object_]

    def oxide_frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per project and oxide with the columns of the predictions table."""
        return self._frame(dataset, "oxide", OXIDES, slice(0, len(OXIDES)))

    def group_frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per project and sum of oxides with the columns of its table."""
        return self._frame(dataset, "target", tuple(GROUPS), slice(len(OXIDES), None))

    def _frame(self, dataset: Dataset, key: str, names: tuple[str, ...], columns: slice) -> pd.DataFrame:
        n = len(dataset)
        return pd.DataFrame(
            {
                "project_id": np.repeat(dataset.project_ids, len(names)),
                key: np.tile(np.array(names, dtype=object), n),
                "predicted_pct": self.predicted_pct[:, columns].ravel(),
                "lower_80_pct": self.lower_pct[0.8][:, columns].ravel(),
                "upper_80_pct": self.upper_pct[0.8][:, columns].ravel(),
                "lower_90_pct": self.lower_pct[0.9][:, columns].ravel(),
                "upper_90_pct": self.upper_pct[0.9][:, columns].ravel(),
                "prediction_kind": np.repeat(self.kind, len(names)),
                "is_extrapolated": np.repeat(self.is_extrapolated, len(names)),
                "mineral_basis": np.repeat(self.mineral_basis, len(names)),
            }
        )


def predict_all(
    dataset: Dataset, calibration: Calibration, settings: Settings, as_given: bool = False
) -> Predictions:
    """Predict every project: measured ones out of fold, the rest by a champion of all measured.

    Args:
        dataset: All projects.
        calibration: Out-of-fold predictions of the measured ones, in their order.
        settings: Hyper-parameters and seed.
        as_given: Keep known zeros, and complete also rows whose known shares are hardly shares of TREO (see
            `unlike_shares_of_treo`). Else a zero counts as unknown, and such rows are predicted as if nothing
            were known of them: the room their shares leave means nothing.

    Returns:
        Predictions in the order of `dataset`; known shares of partly reported ones are kept, but of odd ones.
        Where known shares close by themselves, the others are added to them (see `is_beside_closed`) and
        all are scaled to sum to 100.
    """
    predicted = np.empty((len(dataset), len(OXIDES)))
    predicted[dataset.is_measured] = calibration.as_is_pct
    remaining = np.ones((len(dataset), len(OXIDES)))
    is_extrapolated = extrapolates(dataset, settings)
    others = np.flatnonzero(~dataset.is_measured)
    if len(others):
        predicted[others], remaining[others], is_odd = _predict_unmeasured(
            dataset, calibration, settings, as_given
        )
        is_extrapolated[others] |= is_odd
    full = with_group_sums(predicted)
    shrink = np.concatenate([np.sqrt(remaining), _group_shrink(remaining, dataset)], axis=1)
    lower, upper = {}, {}
    is_estimated = is_beside_closed(_known_shares(dataset, as_given))
    errors = PatternErrors(dataset.stored_shares[dataset.is_measured], calibration.as_is_pct)
    for level in INTERVAL_LEVELS:
        half = half_widths_pct(dataset, calibration, settings, is_extrapolated, level)
        lower[level], upper[level] = interval_pct(full, half * shrink)
        spread = np.exp(errors.log_half_widths(is_estimated, level))
        rows = is_estimated.any(axis=1)
        lower[level][rows] = with_group_sums(predicted[rows] / spread[rows])
        upper[level][rows] = np.minimum(with_group_sums(predicted[rows] * spread[rows]), TOTAL_PCT)
    kind = np.where(dataset.is_measured, "out_of_fold", "unlabelled").astype(object)
    kind[dataset.is_partial] = "completed"
    return Predictions(full, lower, upper, kind, is_extrapolated, mineral_bases(dataset))


def _predict_unmeasured(
    dataset: Dataset, calibration: Calibration, settings: Settings, as_given: bool
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Predict, and complete, the rows that are not measured.

    Returns:
        Shares (q, 15) in per cent, the share of each cell's variance that remains (q, 15), and whether known
        shares are unlike shares of TREO (q,).
    """
    champion = league(settings)[CHAMPION]
    assert isinstance(champion, BySight)
    bench = Bench(dataset, settings)
    train, others = np.flatnonzero(dataset.is_measured), np.flatnonzero(~dataset.is_measured)
    measured = dataset.stored_shares[train]
    least = _smallest_printed(measured)
    fresh = bench.predict_with(champion, [(train, others)])[0]
    fresh = close(np.where(fresh > 0.0, fresh, least))
    covariances = covariances_by_sight(bench, champion, train)
    known = _known_shares(dataset, as_given)[others]
    predicted, remaining = np.empty_like(fresh), np.empty_like(fresh)
    sights = own_sights(dataset)[others]
    for sight, own in covariances.items():
        rows = sights == sight
        predicted[rows], remaining[rows] = complete(
            known[rows],
            fresh[rows],
            own,
            dataset.families[others[rows]],
            settings.completion_noise_pct2,
            least,
        )
    closed = is_beside_closed(known).any(axis=1)
    predicted[closed] = close(along_pattern(known[closed], fresh[closed]))
    is_odd = unlike_shares_of_treo(known, fresh, measured, calibration.as_is_pct, settings.odd_sum_level)
    is_odd &= ~closed
    # Conditioning on numbers of another basis makes nothing surer, so nothing is narrowed.
    if as_given:
        remaining[is_odd] = np.where(np.isnan(known[is_odd]), 1.0, 0.0)
    else:
        predicted[is_odd], remaining[is_odd] = fresh[is_odd], 1.0
    return predicted, remaining, is_odd


def _known_shares(dataset: Dataset, as_given: bool) -> FloatArray:
    """Known shares of partly reported projects, shape (n, 15), NaN elsewhere; zeros only as given."""
    is_known = dataset.is_partial[:, None] & ((dataset.stored_shares > 0.0) | as_given)
    return np.where(is_known, dataset.stored_shares, np.nan)


def _smallest_printed(measured_pct: FloatArray) -> FloatArray:
    """The smallest share above zero of each oxide in measured projects, per cent, shape (15,)."""
    smallest = np.where(measured_pct > 0.0, measured_pct, np.inf).min(axis=0)
    return np.where(np.isfinite(smallest), smallest, 0.0)


def unlike_shares_of_treo(
    known_pct: FloatArray,
    fresh_pct: FloatArray,
    measured_pct: FloatArray,
    out_of_fold_pct: FloatArray,
    level: float,
) -> npt.NDArray[np.bool_]:
    """Tell partly reported rows whose known shares are hardly shares of TREO.

    A row is found when the sum of its known shares differs from the predicted one by more than all but a few
    of the out-of-fold errors that measured projects make in the sum over the same oxides: such a row is
    printed on another basis, per cent of mineral say, and the room it leaves for the other oxides means
    nothing.

    Args:
        known_pct: Known shares, NaN where unknown, shape (n, 15), per cent of TREO.
        fresh_pct: Predictions made without them, shape (n, 15), per cent.
        measured_pct: Shares of measured projects, shape (m, 15), per cent.
        out_of_fold_pct: Their out-of-fold predictions, shape (m, 15), per cent.
        level: Share of those errors that must be smaller.

    Returns:
        Shape (n,); False for rows without any known share.
    """
    is_odd = np.zeros(len(known_pct), dtype=bool)
    for row, known in enumerate(~np.isnan(known_pct)):
        if known.any():
            errors = np.abs(measured_pct[:, known].sum(axis=1) - out_of_fold_pct[:, known].sum(axis=1))
            difference = abs(known_pct[row, known].sum() - fresh_pct[row, known].sum())
            is_odd[row] = difference > np.quantile(errors, level)
    return is_odd


def _group_shrink(remaining: FloatArray, dataset: Dataset) -> FloatArray:
    """Narrowing of the sums' intervals, shape (n, 3): none unless all their oxides are known."""
    return np.stack(
        [
            np.sqrt(remaining[:, [OXIDES.index(oxide) for oxide in oxides]].max(axis=1))
            for oxides in GROUPS.values()
        ],
        axis=1,
    ).reshape(len(dataset), len(GROUPS))


def half_widths_pct(
    dataset: Dataset,
    calibration: Calibration,
    settings: Settings,
    is_extrapolated: npt.NDArray[np.bool_],
    level: float,
) -> FloatArray:
    """Half-widths of the intervals of every row, shape (n, 18), per cent.

    Rows get the errors made on rows of which as much is known: with or without grade and resource, with or
    without a host mineral. Extrapolated rows get at least the errors made on families never seen.
    """
    measured = dataset.rows(dataset.is_measured)
    sums = with_group_sums(measured.stored_shares)[:, len(OXIDES) :]
    observed = np.concatenate([measured.shares, sums], axis=1)
    half = np.empty((len(dataset), observed.shape[1]))
    sights = own_sights(dataset)
    has_host = includes(sights, Sight.HOST)
    for variant, what in HIDDEN.items():
        errors = observed - with_group_sums(calibration.out_of_fold_pct[variant])
        if Sight.HOST not in what:
            # Those of unknown mineralogy tell nothing of what knowing it is worth.
            errors[~has_host[dataset.is_measured]] = np.nan
        alike = hidden(measured, what & Sight.HOST)
        conformal = local_conformal(errors, alike, settings)
        rows = (sights == Sight.BOTH & ~what) & ~dataset.is_measured
        half[rows] = conformal.half_widths_pct(interval_labels(dataset)[rows], level)
        if Sight.AMOUNTS not in what:
            rows = has_host != (Sight.HOST in what)
            half[rows & dataset.is_measured] = conformal.own_half_widths_pct(level)[rows[dataset.is_measured]]
    for what, variant in UNSEEN_FAMILY.items():
        unseen = observed - with_group_sums(calibration.out_of_fold_pct[variant])
        rows = is_extrapolated & (has_host != (Sight.HOST in what))
        half[rows] = np.maximum(half[rows], conformal_half_widths_pct(unseen, level))
    return half


def interval_metrics(dataset: Dataset, predictions: Predictions, settings: Settings) -> list[Metric]:
    """Measure coverage and width of the intervals as published, on measured projects."""
    measured = dataset.is_measured
    judge = Judge(dataset.rows(measured), settings)
    for level in INTERVAL_LEVELS:
        ends = (predictions.lower_pct[level][measured], predictions.upper_pct[level][measured])
        judge.intervals(CHAMPION, "published_intervals", level, *ends)
    return judge.metrics


def extrapolates(dataset: Dataset, settings: Settings) -> npt.NDArray[np.bool_]:
    """Flag the projects of which the model knows little or nothing.

    The rule: fewer than `settings.extrapolation_family_rows` measured projects are of its deposit family, and
    as few of its group of host minerals (unknown counts as none); or a stated grade or resource lies outside
    the range of the measured projects. For a measured project, its own site does not count, as the model that
    predicted it did not see it.

    Args:
        dataset: All projects.
        settings: Holds the number of projects that make a family or group known.

    Returns:
        Flags, shape (n,), bool.
    """
    measured = dataset.is_measured
    flags = np.zeros(len(dataset), dtype=bool)
    flags[~measured] = _unsupported(dataset.rows(~measured), dataset.rows(measured), settings)
    for row in np.flatnonzero(measured):
        support = dataset.rows(measured & (dataset.site_ids != dataset.site_ids[row]))
        flags[row] = _unsupported(dataset.rows(np.array([row])), support, settings)[0]
    return flags


def _unsupported(rows: Dataset, support: Dataset, settings: Settings) -> npt.NDArray[np.bool_]:
    """Whether rows lie outside what the supporting rows span, shape (n,), bool."""
    is_rare = np.ones(len(rows), dtype=bool)
    for label in ("deposit_family", "host_group"):
        counts = rows.features[label].map(support.features[label].value_counts()).fillna(0)
        is_rare &= counts.to_numpy(dtype=float) < settings.extrapolation_family_rows
    is_outside = np.zeros(len(rows), dtype=bool)
    for amount in ("grade_treo_wt_pct", "resource_treo_t"):
        values, known = rows.features[amount], support.features[amount].dropna()
        is_outside |= (values.notna() & ~values.between(known.min(), known.max())).to_numpy(dtype=bool)
    flags: npt.NDArray[np.bool_] = is_rare | is_outside
    return flags
