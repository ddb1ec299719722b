"""Predictions with intervals for every project, from a fitted champion and its residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.evaluation import Evaluation, build_champion, fit_on
from ml.intervals import half_widths_pct, half_widths_without_own_site_pct, interval_pct
from ml.oxides import OXIDES, TOTAL_PCT, FloatArray, close
from ml.settings import Settings


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions for all projects of a dataset, in its order.

    Attributes:
        predicted_pct: Shape (n, 15), per cent of TREO, each row summing to 100.
        lower_pct: Lower ends by level, each shape (n, 15).
        upper_pct: Upper ends by level, each shape (n, 15).
        kind: `out_of_fold`, `unlabelled` or `completed`, shape (n,).
        is_extrapolated: See `extrapolates`, shape (n,), bool.
    """

    predicted_pct: FloatArray
    lower_pct: dict[float, FloatArray]
    upper_pct: dict[float, FloatArray]
    kind: npt.NDArray[np.object_]
    is_extrapolated: npt.NDArray[np.bool_]

    def frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per project and oxide with the columns of the predictions table."""
        n, oxides = self.predicted_pct.shape
        return pd.DataFrame(
            {
                "project_id": np.repeat(dataset.project_ids, oxides),
                "oxide": np.tile(np.array(OXIDES, dtype=object), n),
                "predicted_pct": self.predicted_pct.ravel(),
                "lower_80_pct": self.lower_pct[0.8].ravel(),
                "upper_80_pct": self.upper_pct[0.8].ravel(),
                "lower_90_pct": self.lower_pct[0.9].ravel(),
                "upper_90_pct": self.upper_pct[0.9].ravel(),
                "prediction_kind": np.repeat(self.kind, oxides),
                "is_extrapolated": np.repeat(self.is_extrapolated, oxides),
            }
        )


def predict_all(dataset: Dataset, evaluation: Evaluation, settings: Settings) -> Predictions:
    """Predict every project: measured ones out of fold, the rest by a model of all measured.

    Args:
        dataset: All projects.
        evaluation: Holds the out-of-fold predictions of the measured ones, in their order.
        settings: Hyper-parameters and seed of the final model.

    Returns:
        Predictions in the order of `dataset`.
    """
    measured = dataset.rows(dataset.is_measured)
    fitted = fit_on(build_champion(settings, settings.seed), measured)
    predicted = fitted.predict(dataset.features)
    predicted[dataset.is_measured] = close(evaluation.champion_out_of_fold_pct)
    partial = dataset.is_partial
    predicted[partial] = complete_pct(dataset.stored_shares[partial], predicted[partial])
    residuals = measured.shares - predicted[dataset.is_measured]
    lower, upper = {}, {}
    for level in (0.8, 0.9):
        half = np.tile(half_widths_pct(residuals, level), (len(dataset), 1))
        half[dataset.is_measured] = half_widths_without_own_site_pct(residuals, measured.site_ids, level)
        # A known share of a partly reported project needs no interval.
        half[partial] = np.where(np.isfinite(dataset.stored_shares[partial]), 0.0, half[partial])
        lower[level], upper[level] = interval_pct(predicted, half)
    kind = np.where(dataset.is_measured, "out_of_fold", "unlabelled").astype(object)
    kind[partial] = "completed"
    return Predictions(predicted, lower, upper, kind, extrapolates(dataset, settings))


def complete_pct(known_pct: FloatArray, predicted_pct: FloatArray) -> FloatArray:
    """Fill the unknown shares of partly reported compositions.

    Known shares are kept; the unknown ones keep their predicted proportions and fill what the
    known ones leave of 100. Where the known shares sum to 100 or more they leave no room: the
    unknown ones become 0 and the known ones are scaled down to sum to 100.

    Args:
        known_pct: Published shares, per cent, shape (n, 15), NaN where unknown.
        predicted_pct: Predictions, per cent, shape (n, 15), without NaN.

    Returns:
        Completed shares, per cent, shape (n, 15), each row summing to 100.
    """
    is_known = np.isfinite(known_pct)
    kept = np.where(is_known, known_pct, 0.0)
    room = np.clip(TOTAL_PCT - kept.sum(axis=1, keepdims=True), 0.0, None)
    unknown = np.where(is_known, 0.0, np.maximum(predicted_pct, 0.0))
    unknown_sum = unknown.sum(axis=1, keepdims=True)
    fills = np.where(unknown_sum > 0.0, unknown, np.where(is_known, 0.0, 1.0))
    fill_sum = np.maximum(fills.sum(axis=1, keepdims=True), 1e-300)
    return close(kept + fills / fill_sum * room)


def extrapolates(dataset: Dataset, settings: Settings) -> npt.NDArray[np.bool_]:
    """Flag the projects on which the model has little or nothing to stand.

    The rule: the deposit family is unknown or has fewer than
    `settings.extrapolation_family_rows` measured projects, or a stated grade or resource lies
    outside the range of the measured projects. For a measured project, its own site does not
    count, as the model that predicted it did not see it.

    Args:
        dataset: All projects.
        settings: Holds the number of projects that make a family known.

    Returns:
        Flags, shape (n,), bool.
    """
    amounts = dataset.features[["grade_treo_wt_pct", "resource_treo_t"]].to_numpy(dtype="float64")
    flags = np.zeros(len(dataset), dtype=bool)
    for row, family in enumerate(dataset.families):
        support = dataset.is_measured.copy()
        if dataset.is_measured[row]:
            support &= dataset.site_ids != dataset.site_ids[row]
        family_rows = int((support & (dataset.families == family)).sum()) if family else 0
        flags[row] = family_rows < settings.extrapolation_family_rows or _is_outside(
            amounts[row], amounts[support]
        )
    return flags


def _is_outside(amounts: FloatArray, support: FloatArray) -> bool:
    """Whether a stated amount, shape (k,), lies outside those of the rows (m, k); NaN does not."""
    for column, amount in enumerate(amounts):
        known = support[np.isfinite(support[:, column]), column]
        is_inside = known.size > 0 and known.min() <= amount <= known.max()
        if np.isfinite(amount) and not is_inside:
            return True
    return False
