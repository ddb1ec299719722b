"""Predictions with intervals for every project, from the champion and its out-of-fold errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.calibration import Calibration
from ml.judging.completion import complete
from ml.judging.intervals import with_group_sums
from ml.judging.metrics import Metric
from ml.judging.pattern import along_pattern, is_beside_closed, to_learn_from
from ml.judging.protocols import ANALYSED_FIRST, INTERVAL_LEVELS, Judge, covariances_by_sight
from ml.judging.simulation import Simulator
from ml.judging.spread import Spread, interval_pct
from ml.judging.support import extrapolates
from ml.models.league import league
from ml.models.learners import Bench, BySight
from ml.oxides import GROUPS, OXIDES, FloatArray, close, oxide_positions
from ml.settings import CHAMPION, Settings
from ml.sight import mineral_bases, own_sights


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
        spreads: The compositions that intervals are quantiles of, n of them.
    """

    predicted_pct: FloatArray
    lower_pct: dict[float, FloatArray]
    upper_pct: dict[float, FloatArray]
    kind: npt.NDArray[np.object_]
    is_extrapolated: npt.NDArray[np.bool_]
    mineral_basis: npt.NDArray[np.object_]
    spreads: list[Spread]

    def oxide_frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per project and oxide with the columns of the predictions table."""
        return self._frame(dataset, "oxide", OXIDES, slice(0, len(OXIDES)))

    def group_frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per project and sum of oxides with the columns of its table."""
        return self._frame(dataset, "target", tuple(GROUPS), slice(len(OXIDES), None))

    def site_frame(self, sites: Dataset) -> pd.DataFrame:
        """Give one row per site and oxide with the columns of the table of sites."""
        frame = self._frame(sites, "oxide", OXIDES, slice(0, len(OXIDES)))
        return frame.drop(columns="prediction_kind").rename(columns={"project_id": "site_id"})

    def rows(self, chosen: slice) -> Predictions:
        """Keep some rows."""
        return Predictions(
            self.predicted_pct[chosen],
            {level: ends[chosen] for level, ends in self.lower_pct.items()},
            {level: ends[chosen] for level, ends in self.upper_pct.items()},
            self.kind[chosen],
            self.is_extrapolated[chosen],
            self.mineral_basis[chosen],
            self.spreads[chosen],
        )

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
    is_odd = np.zeros(len(dataset), dtype=np.bool_)
    others = np.flatnonzero(~dataset.is_measured)
    if len(others):
        predicted[others], is_odd[others] = _predict_unmeasured(dataset, calibration, settings, as_given)
    full = with_group_sums(predicted)
    simulator = Simulator(dataset, calibration, settings)
    known = _known_shares(dataset, as_given)
    if not as_given:
        known[is_odd] = np.nan
    spreads = [
        simulator.spread(row, predicted[row], known[row], not is_odd[row]) for row in range(len(dataset))
    ]
    lower, upper = {}, {}
    for level in INTERVAL_LEVELS:
        lower[level], upper[level] = interval_pct(spreads, full, level)
    kind = np.where(dataset.is_measured, "out_of_fold", "unlabelled").astype(object)
    kind[dataset.is_partial] = "completed"
    is_extrapolated = extrapolates(dataset, settings) | is_odd
    return Predictions(full, lower, upper, kind, is_extrapolated, mineral_bases(dataset), spreads)


def _predict_unmeasured(
    dataset: Dataset, calibration: Calibration, settings: Settings, as_given: bool
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Predict, and complete, the rows that are not measured.

    Returns:
        Shares (q, 15) in per cent, and whether known shares are unlike shares of TREO (q,).
    """
    champion = league(settings)[CHAMPION]
    assert isinstance(champion, BySight)
    bench = Bench(to_learn_from(dataset), settings)
    train, others = np.flatnonzero(dataset.is_trainable), np.flatnonzero(~dataset.is_measured)
    measured = dataset.stored_shares[dataset.is_measured]
    least = _smallest_printed(measured)
    fresh = bench.predict_with(champion, [(train, others)])[0]
    fresh = close(np.where(fresh > 0.0, fresh, least))
    covariances = covariances_by_sight(bench, champion, train)
    known = _known_shares(dataset, as_given)[others]
    predicted = np.empty_like(fresh)
    sights = own_sights(dataset)[others]
    for sight, own in covariances.items():
        rows = sights == sight
        predicted[rows] = complete(
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
    if not as_given:
        predicted[is_odd] = fresh[is_odd]
    return predicted, is_odd


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


def interval_metrics(dataset: Dataset, calibration: Calibration, settings: Settings) -> list[Metric]:
    """Measure the intervals as published: those of measured projects, and those of completed compositions.

    Completed are measured projects of which the shares of `ANALYSED_FIRST` are given; the others are judged.
    """
    judge = Judge(dataset.rows(dataset.is_measured), settings)
    simulator = Simulator(dataset, calibration, settings)
    rows = np.flatnonzero(dataset.is_measured).tolist()
    nothing = np.full(len(OXIDES), np.nan)
    predicted = calibration.as_is_pct
    spreads = [simulator.spread(row, own, nothing) for row, own in zip(rows, predicted, strict=True)]
    judge.spreads(CHAMPION, "published_intervals", spreads, with_group_sums(predicted))
    known = np.isin(np.arange(len(OXIDES)), oxide_positions(ANALYSED_FIRST))
    completed = np.stack([simulator.completed_pct(row, known) for row in rows])
    given = np.where(known, completed, np.nan)
    spreads = [simulator.spread(row, completed[at], given[at]) for at, row in enumerate(rows)]
    asked = np.concatenate([~known, np.zeros(len(GROUPS), dtype=np.bool_)])
    for level in INTERVAL_LEVELS:
        ends = interval_pct(spreads, with_group_sums(completed), level)
        judge.intervals(CHAMPION, "completed_intervals", level, *ends, asked=asked)
    return judge.metrics
