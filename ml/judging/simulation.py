"""The whole compositions that a project may have, and joint draws of them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.calibration import HIDDEN, UNSEEN_FAMILY, Calibration, error_pool, interval_labels
from ml.judging.completion import complete, error_covariances, fill_room
from ml.judging.pattern import along_pattern, is_beside_closed, without_zeros
from ml.judging.spread import ErrorPool, Spread, log_errors
from ml.judging.support import is_far
from ml.oxides import LEAST_PCT, OXIDES, TOTAL_PCT, FloatArray, close
from ml.settings import Settings
from ml.sight import Sight, hidden, includes, own_sights

DECIMALS = 5
"""Decimals of drawn shares, per cent: one more than any table prints."""


KEPT_RATIO_GAP = 1e-6
"""Known shares are those of a prediction if all their ratios to it differ by less."""


class Simulator:
    """Gives the spread of compositions around the prediction of a row.

    The errors are those made on rows of which as much was known: with or without grade and resource, with or
    without a host mineral; where the family is unknown or rare, those made on families never seen. Where some
    shares are known, the same shares are given of every measured row, and the errors in the others count. A
    measured row's spread is made without its own site.

    Args:
        dataset: All projects.
        calibration: Out-of-fold predictions of the measured ones, in their order.
        settings: Hyper-parameters.
    """

    def __init__(self, dataset: Dataset, calibration: Calibration, settings: Settings) -> None:
        self.dataset = dataset
        self.measured = dataset.rows(dataset.is_measured)
        self.calibration = calibration
        self.settings = settings
        self.observed_pct = observed_pct(self.measured, calibration.as_is_pct)
        self._sights = own_sights(dataset)
        self._labels = interval_labels(dataset)
        self._is_far = is_far(dataset, settings)
        self._has_host = includes(self._sights, Sight.HOST)[dataset.is_measured]
        self._predicted: dict[_Kind, FloatArray] = {}
        self._pools: dict[_Kind, ErrorPool] = {}

    def spread(
        self, row: int, predicted_pct: FloatArray, known_pct: FloatArray, is_informed: bool = True
    ) -> Spread:
        """Give the compositions that a row may turn out to have.

        Args:
            row: Position in the dataset.
            predicted_pct: Its prediction, shape (15,), per cent.
            known_pct: Shares known of it, shape (15,), per cent, NaN where unknown; they stay as they are.
            is_informed: Whether known shares make the others surer.

        Returns:
            One composition per measured row that counts.
        """
        known = np.isfinite(known_pct)
        is_beside = bool(is_beside_closed(known_pct[None]).any())
        kind = self._kind(row, known if is_informed else np.zeros_like(known), is_beside)
        pool = self._pool(kind)
        own = self.dataset.site_ids[row] if self.dataset.is_measured[row] else None
        weights = pool.even_weights(own) if kind.is_far else pool.weights(self._seen(row), own)
        if not known.any():
            return pool.around(predicted_pct, weights)
        chosen = weights > 0.0
        moved = np.maximum(predicted_pct, LEAST_PCT) * np.exp(pool.errors[chosen])
        held = np.broadcast_to(known_pct, moved.shape)
        filled = close(np.where(known, held, moved)) if is_beside else fill_room(held, moved)
        return Spread(filled, weights[chosen])

    def completed_pct(self, row: int, known: npt.NDArray[np.bool_]) -> FloatArray:
        """Predict a measured row, shape (15,), per cent, of which some shares, shape (15,), are given."""
        place = int(self.dataset.is_measured[:row].sum())
        is_beside = bool(is_beside_closed(np.where(known, self.observed_pct[place], np.nan)[None]).any())
        completed: FloatArray = self._completed(self._kind(row, known, is_beside))[place]
        return completed

    def _kind(self, row: int, known: npt.NDArray[np.bool_], is_beside: bool) -> _Kind:
        return _Kind(Sight(int(self._sights[row])), bool(self._is_far[row]), known.tobytes(), is_beside)

    def _seen(self, row: int) -> list[object]:
        host_group, family = self._labels[row]
        return [host_group if Sight.HOST in Sight(int(self._sights[row])) else None, family]

    def _pool(self, kind: _Kind) -> ErrorPool:
        if kind not in self._pools:
            errors = log_errors(self.observed_pct, self._completed(kind))
            if Sight.HOST in kind.sight:
                # Those of unknown mineralogy say nothing of what knowing it is worth.
                errors[~self._has_host] = np.nan
            if kind.is_far and not np.isfinite(errors).all(axis=1).any():
                return self._pool(kind._replace(is_far=False))  # too few families to leave one out
            alike = self.measured if Sight.HOST in kind.sight else hidden(self.measured, Sight.HOST)
            self._pools[kind] = error_pool(errors, alike, self.settings)
        return self._pools[kind]

    def _completed(self, kind: _Kind) -> FloatArray:
        """Predict every measured row, shape (n, 15), per cent, as if only so much of it were known."""
        if kind not in self._predicted:
            predicted = self.calibration.out_of_fold_pct[kind.variant]
            known = np.frombuffer(kind.known, dtype=np.bool_)
            given = np.where(known, self.observed_pct, np.nan)
            if not known.any():
                self._predicted[kind] = predicted
            elif kind.is_beside:
                self._predicted[kind] = along_pattern(given, np.maximum(predicted, LEAST_PCT))
            else:
                self._predicted[kind] = self._conditioned(predicted, given)
        return self._predicted[kind]

    def _conditioned(self, predicted: FloatArray, given: FloatArray) -> FloatArray:
        """Complete each measured row by the covariances of the errors of other sites."""
        sites, families = self.measured.site_ids, self.measured.families
        completed = np.full_like(predicted, np.nan)
        has_prediction = np.asarray(np.isfinite(predicted).all(axis=1), dtype=np.bool_)
        for site in dict.fromkeys(sites[has_prediction]):
            own = has_prediction & (sites == site)
            others = has_prediction & (sites != site)
            covariances = error_covariances(
                self.measured.shares[others] - predicted[others],
                families[others],
                self.settings.completion_pull_rows,
            )
            completed[own] = complete(
                given[own],
                predicted[own],
                covariances,
                families[own],
                self.settings.completion_noise_pct2,
                LEAST_PCT,
            )
        return completed


class _Kind(NamedTuple):
    """What decides which errors count for a row; `known` is the mask of known shares."""

    sight: Sight
    is_far: bool
    known: bytes
    is_beside: bool

    @property
    def variant(self) -> str:
        """Out-of-fold predictions whose errors count."""
        if self.is_far:
            return UNSEEN_FAMILY[Sight.HOST & ~self.sight]
        return next(name for name, what in HIDDEN.items() if what == Sight.BOTH & ~self.sight)


def observed_pct(measured: Dataset, out_of_fold_pct: FloatArray) -> FloatArray:
    """Give shares of measured rows, printed zeros estimated, closed, shape (n, 15), per cent."""
    shape = np.maximum(out_of_fold_pct, LEAST_PCT)
    return close(np.maximum(without_zeros(measured, shape), LEAST_PCT))


def draw_compositions(
    spreads: Sequence[Spread],
    subject_ids: npt.NDArray[np.object_],
    site_ids: npt.NDArray[np.object_],
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """Draw whole compositions.

    Subjects of one site are drawn with equal random numbers: draw for draw they err alike.

    Args:
        spreads: What each subject may be, n of them.
        subject_ids: Keys of the subjects, shape (n,).
        site_ids: Their sites, shape (n,).
        seed: Root of the draws; equal seeds give equal draws.
        draws: Compositions per subject.

    Returns:
        One row per subject, oxide and draw (from 1): `subject_id`, `oxide`, `draw`, `share_pct`; the 15 of a
        draw sum to 100.
    """
    drawn = np.empty((len(spreads), draws, len(OXIDES)))
    for place, (spread, site) in enumerate(zip(spreads, site_ids, strict=True)):
        drawn[place] = spread.drawn_pct(draws, np.random.default_rng((seed, zlib.crc32(str(site).encode()))))
    return pd.DataFrame(
        {
            "subject_id": np.repeat(subject_ids, len(OXIDES) * draws),
            "oxide": np.tile(np.repeat(np.array(OXIDES, dtype=object), draws), len(spreads)),
            "draw": np.tile(np.arange(1, draws + 1), len(spreads) * len(OXIDES)),
            "share_pct": np.swapaxes(_rounded(drawn), 1, 2).ravel(),
        }
    )


def kept_shares(dataset: Dataset, predicted_pct: FloatArray) -> FloatArray:
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
    """Round shares, shape (..., 15), to `DECIMALS`, none to 0; the largest takes what rounding leaves."""
    least = np.where(shares_pct > 0.0, 10.0**-DECIMALS, 0.0)
    rounded = np.maximum(np.round(shares_pct, DECIMALS), least)
    largest = np.argmax(rounded, axis=-1, keepdims=True)
    rest = TOTAL_PCT - rounded.sum(axis=-1, keepdims=True)
    np.put_along_axis(rounded, largest, np.take_along_axis(rounded, largest, axis=-1) + rest, axis=-1)
    closed: FloatArray = np.asarray(np.round(rounded, DECIMALS), dtype=np.float64)
    return closed
