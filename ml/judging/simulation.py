"""Joint draws of whole compositions, for projects whose composition is not all published."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, Calibration, interval_labels
from ml.judging.completion import complete, error_covariances, fill_room
from ml.judging.pattern import along_pattern, is_beside_closed, zero_estimates
from ml.judging.spread import LEAST_PCT, ErrorPool, Spread, log_errors
from ml.oxides import OXIDES, TOTAL_PCT, FloatArray, close
from ml.settings import Settings
from ml.sight import Sight, hidden, includes, own_sights

DECIMALS = 5
"""Decimals of drawn shares, per cent: one more than any table prints."""


KEPT_RATIO_GAP = 1e-6
"""Known shares are those of a prediction if all their ratios to it differ by less."""


class Simulator:
    """Gives the spread of compositions around the prediction of a row.

    The errors are those made on rows of which as much was known: with or without grade and resource, with or
    without a host mineral; for an extrapolated row, those made on families never seen. Where some shares are
    known, the same shares are given of every measured row, and what counts is the error in the others.

    Args:
        dataset: All projects.
        calibration: Out-of-fold predictions of the measured ones, in their order.
        settings: Hyper-parameters.
    """

    def __init__(self, dataset: Dataset, calibration: Calibration, settings: Settings) -> None:
        self.measured = dataset.rows(dataset.is_measured)
        self.calibration = calibration
        self.settings = settings
        self.sights = own_sights(dataset)
        self.labels = interval_labels(dataset)
        self.observed = _without_zeros(self.measured, calibration.as_is_pct)
        self._pools: dict[tuple[Sight, bool, bytes, bool], ErrorPool] = {}
        self._has_host = includes(self.sights, Sight.HOST)[dataset.is_measured]

    def spread(self, row: int, predicted_pct: FloatArray, known_pct: FloatArray, is_far: bool) -> Spread:
        """Give the compositions that a row may turn out to have.

        Args:
            row: Position in the dataset, of a row that is not measured.
            predicted_pct: Its prediction, shape (15,), per cent.
            known_pct: Shares known of it, shape (15,), per cent, NaN where unknown; they stay as they are.
            is_far: Whether it is extrapolated.

        Returns:
            One composition per measured row that counts.
        """
        sight = Sight(int(self.sights[row]))
        known = np.isfinite(known_pct)
        beside = bool(is_beside_closed(known_pct[None]).any())
        pool = self._pool(sight, is_far, known, beside)
        weights = pool.even_weights() if is_far else pool.weights(self._seen(sight, row))
        if not known.any():
            return pool.around(predicted_pct, weights)
        chosen = weights > 0.0
        moved = np.maximum(predicted_pct, LEAST_PCT) * np.exp(pool.errors[chosen])
        held = np.broadcast_to(known_pct, moved.shape)
        filled = close(np.where(known, held, moved)) if beside else fill_room(held, moved)
        return Spread(filled, weights[chosen])

    def _seen(self, sight: Sight, row: int) -> list[object]:
        host_group, family = self.labels[row]
        return [host_group if Sight.HOST in sight else None, family]

    def _pool(self, sight: Sight, is_far: bool, known: npt.NDArray[np.bool_], beside: bool) -> ErrorPool:
        """Give the errors for rows of one kind; `known` is the mask of known shares, shape (15,)."""
        key = (sight, is_far, known.tobytes(), beside)
        if key not in self._pools:
            self._pools[key] = self._made_pool(sight, is_far, known, beside)
        return self._pools[key]

    def _made_pool(self, sight: Sight, is_far: bool, known: npt.NDArray[np.bool_], beside: bool) -> ErrorPool:
        predicted = self.calibration.out_of_fold_pct[_variant(sight, is_far)]
        if known.any():
            predicted = self._completed(predicted, known, beside)
        errors = log_errors(self.observed, predicted)
        if Sight.HOST in sight:
            # Those of unknown mineralogy say nothing of what knowing it is worth.
            errors[~self._has_host] = np.nan
        alike = self.measured if Sight.HOST in sight else hidden(self.measured, Sight.HOST)
        return ErrorPool(
            errors,
            interval_labels(alike),
            self.measured.site_ids,
            self.settings.interval_other_rows,
            self.settings.interval_group_rows,
        )

    def _completed(self, predicted: FloatArray, known: npt.NDArray[np.bool_], beside: bool) -> FloatArray:
        """Complete every measured row, shape (n, 15), per cent, as if only some shares of it were known."""
        given = np.where(known, self.observed, np.nan)
        if beside:
            return along_pattern(given, np.maximum(predicted, LEAST_PCT))
        sites, families = self.measured.site_ids, self.measured.families
        completed = np.full_like(predicted, np.nan)
        has_prediction = np.isfinite(predicted).all(axis=1)
        for site in dict.fromkeys(sites[has_prediction]):
            own = has_prediction & (sites == site)
            others = has_prediction & (sites != site)
            covariances = error_covariances(
                self.measured.shares[others] - predicted[others],
                families[others],
                self.settings.completion_pull_rows,
            )
            completed[own], _ = complete(
                given[own],
                predicted[own],
                covariances,
                families[own],
                self.settings.completion_noise_pct2,
                LEAST_PCT,
            )
        return completed


def _variant(sight: Sight, is_far: bool) -> str:
    """Name the out-of-fold predictions whose errors count for a row."""
    if is_far:
        return UNSEEN_FAMILY[Sight.HOST & ~sight]
    return next(name for name, what in HIDDEN.items() if what == Sight.BOTH & ~sight)


def _without_zeros(measured: Dataset, out_of_fold_pct: FloatArray) -> FloatArray:
    """Give shares of measured rows, printed zeros estimated, closed, shape (n, 15), per cent."""
    filled = measured.stored_shares.copy()
    zeros = zero_estimates(measured, out_of_fold_pct)
    rows = pd.Index(measured.project_ids).get_indexer(pd.Index(zeros["project_id"]))
    columns = pd.Index(OXIDES).get_indexer(pd.Index(zeros["oxide"]))
    filled[rows, columns] = zeros["estimated_pct"]
    return close(np.maximum(filled, LEAST_PCT))


def draw_compositions(
    simulator: Simulator,
    dataset: Dataset,
    predicted_pct: FloatArray,
    is_extrapolated: npt.NDArray[np.bool_],
    draws: int,
) -> pd.DataFrame:
    """Draw whole compositions of every project that is not measured.

    Projects of one site are drawn with equal random numbers: draw for draw they err alike. A prediction made
    of shares on another basis than TREO has nothing known about it.

    Args:
        simulator: Made of the same dataset.
        dataset: All projects.
        predicted_pct: Their predictions, shape (n, 15), per cent.
        is_extrapolated: Shape (n,).
        draws: Compositions per project.

    Returns:
        One row per project, oxide and draw (from 1): `subject_id`, `oxide`, `draw`, `share_pct`; the 15 of a
        draw sum to 100.
    """
    rows = np.flatnonzero(~dataset.is_measured)
    kept = _kept_shares(dataset, predicted_pct)
    drawn = np.empty((len(rows), draws, len(OXIDES)))
    for place, row in enumerate(rows.tolist()):
        spread = simulator.spread(row, predicted_pct[row], kept[row], bool(is_extrapolated[row]))
        seed = (simulator.settings.seed, zlib.crc32(str(dataset.site_ids[row]).encode()))
        drawn[place] = spread.drawn_pct(draws, np.random.default_rng(seed))
    return pd.DataFrame(
        {
            "subject_id": np.repeat(dataset.project_ids[rows], len(OXIDES) * draws),
            "oxide": np.tile(np.repeat(np.array(OXIDES, dtype=object), draws), len(rows)),
            "draw": np.tile(np.arange(1, draws + 1), len(rows) * len(OXIDES)),
            "share_pct": np.swapaxes(_rounded(drawn), 1, 2).ravel(),
        }
    )


def _kept_shares(dataset: Dataset, predicted_pct: FloatArray) -> FloatArray:
    """Give the published shares that predictions of partly reported projects keep, shape (n, 15), else NaN.

    Shares on another basis are not kept: their predictions are made as if nothing were known. Beside shares
    that close by themselves all are scaled, so proportions are what is compared.
    """
    is_printed = dataset.is_partial[:, None] & (dataset.stored_shares > 0.0)
    ratios = np.where(is_printed, predicted_pct / np.where(is_printed, dataset.stored_shares, 1.0), np.nan)
    printed = np.flatnonzero(is_printed.any(axis=1))
    apart = np.nanmax(ratios[printed], axis=1) - np.nanmin(ratios[printed], axis=1)
    kept = np.full(ratios.shape, np.nan)
    rows = printed[apart < KEPT_RATIO_GAP]
    kept[rows] = np.where(is_printed[rows], dataset.stored_shares[rows], np.nan)
    return kept


def _rounded(shares_pct: FloatArray) -> FloatArray:
    """Round shares, shape (..., 15), to `DECIMALS`, none to 0; the largest takes up what rounding leaves."""
    rounded = np.maximum(np.round(shares_pct, DECIMALS), 10.0**-DECIMALS)
    largest = np.argmax(rounded, axis=-1, keepdims=True)
    rest = TOTAL_PCT - rounded.sum(axis=-1, keepdims=True)
    np.put_along_axis(rounded, largest, np.take_along_axis(rounded, largest, axis=-1) + rest, axis=-1)
    closed: FloatArray = np.asarray(np.round(rounded, DECIMALS), dtype=np.float64)
    return closed
