"""Predictions with intervals for every project, from the champion and its out-of-fold errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.completion import complete, error_covariances
from ml.dataset import Dataset
from ml.evaluation import INTERVAL_LEVELS, Evaluation, Judge, Metric
from ml.features import has_amounts
from ml.intervals import LocalConformal, conformal_half_widths_pct, interval_pct, with_group_sums
from ml.league import league
from ml.learners import Bench, BlendLearner
from ml.oxides import GROUPS, OXIDES, FloatArray
from ml.settings import CHAMPION, Settings

ODD_SUM_LEVEL = 0.95
"""Share of the measured errors beyond which a sum of known shares is taken for another basis."""


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
    """

    predicted_pct: FloatArray
    lower_pct: dict[float, FloatArray]
    upper_pct: dict[float, FloatArray]
    kind: npt.NDArray[np.object_]
    is_extrapolated: npt.NDArray[np.bool_]

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
            }
        )


@dataclass(frozen=True, eq=False)
class Calibration:
    """What intervals are made of: the champion's predictions of measured rows it did not see.

    Attributes:
        out_of_fold_pct: By models that saw nothing of the row's site, shape (n, 15).
        hidden_pct: The same with the row's grade and resource hidden.
        unseen_family_pct: By models that saw nothing of the row's family, NaN where there is none.
    """

    out_of_fold_pct: FloatArray
    hidden_pct: FloatArray
    unseen_family_pct: FloatArray

    @classmethod
    def of(cls, evaluation: Evaluation) -> Calibration:
        """Take what an evaluation left."""
        return cls(
            evaluation.out_of_fold_pct, evaluation.out_of_fold_hidden_pct, evaluation.unseen_family_pct
        )

    def frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per measured project, variant and oxide, cells without a prediction left out."""
        ids = dataset.project_ids[dataset.is_measured]
        frames = []
        for variant, shares in self._variants():
            frames.append(
                pd.DataFrame(
                    {
                        "project_id": np.repeat(ids, len(OXIDES)),
                        "variant": variant,
                        "oxide": np.tile(np.array(OXIDES, dtype=object), len(ids)),
                        "predicted_pct": shares.ravel(),
                    }
                ).dropna()
            )
        return pd.concat(frames, ignore_index=True)

    def _variants(self) -> list[tuple[str, FloatArray]]:
        return [("amounts_hidden", self.hidden_pct), ("family_unseen", self.unseen_family_pct)]


def predict_all(dataset: Dataset, calibration: Calibration, settings: Settings) -> Predictions:
    """Predict every project: measured ones out of fold, the rest by a champion of all measured.

    Args:
        dataset: All projects.
        calibration: Out-of-fold predictions of the measured ones, in their order.
        settings: Hyper-parameters and seed.

    Returns:
        Predictions in the order of `dataset`; known shares of partly reported ones are kept.
    """
    champion = league(settings)[CHAMPION]
    assert isinstance(champion, BlendLearner)
    bench = Bench(dataset, settings)
    train, others = np.flatnonzero(dataset.is_measured), np.flatnonzero(~dataset.is_measured)
    predicted = np.empty((len(dataset), len(OXIDES)))
    predicted[train] = calibration.out_of_fold_pct
    remaining = np.ones((len(dataset), len(OXIDES)))
    if len(others):
        fresh = bench.predict_with(champion, [(train, others)])[0]
        errors = dataset.shares[train] - champion.inside_pct(bench, train)
        covariances = error_covariances(errors, dataset.families[train])
        known = np.where(dataset.is_partial[others][:, None], dataset.stored_shares[others], np.nan)
        predicted[others], remaining[others] = complete(known, fresh, covariances, dataset.families[others])
        is_odd = unlike_shares_of_treo(
            known, fresh, dataset.stored_shares[train], calibration.out_of_fold_pct
        )
        # Conditioning on numbers of another basis makes nothing surer, so nothing is narrowed.
        remaining[others[is_odd]] = np.where(np.isnan(known[is_odd]), 1.0, 0.0)
    full = with_group_sums(predicted)
    is_extrapolated = extrapolates(dataset, settings)
    if len(others):
        is_extrapolated[others] |= is_odd
    shrink = np.concatenate([np.sqrt(remaining), _group_shrink(remaining, dataset)], axis=1)
    lower, upper = {}, {}
    for level in INTERVAL_LEVELS:
        half = half_widths_pct(dataset, calibration, settings, is_extrapolated, level)
        lower[level], upper[level] = interval_pct(full, half * shrink)
    kind = np.where(dataset.is_measured, "out_of_fold", "unlabelled").astype(object)
    kind[dataset.is_partial] = "completed"
    return Predictions(full, lower, upper, kind, is_extrapolated)


def unlike_shares_of_treo(
    known_pct: FloatArray, fresh_pct: FloatArray, measured_pct: FloatArray, out_of_fold_pct: FloatArray
) -> npt.NDArray[np.bool_]:
    """Tell partly reported rows whose known shares are hardly shares of TREO.

    A row is told when the sum of its known shares differs from the predicted one by more than 95 % of the
    out-of-fold errors that measured projects make in the sum over the same oxides: such a row is printed on
    another basis, per cent of mineral say, and the room it leaves for the other oxides means nothing.

    Args:
        known_pct: Known shares, NaN where unknown, shape (n, 15), per cent of TREO.
        fresh_pct: Predictions made without them, shape (n, 15), per cent.
        measured_pct: Shares of measured projects, shape (m, 15), per cent.
        out_of_fold_pct: Their out-of-fold predictions, shape (m, 15), per cent.

    Returns:
        Shape (n,); False for rows without any known share.
    """
    is_odd = np.zeros(len(known_pct), dtype=bool)
    for row, known in enumerate(~np.isnan(known_pct)):
        if known.any():
            errors = np.abs(measured_pct[:, known].sum(axis=1) - out_of_fold_pct[:, known].sum(axis=1))
            difference = abs(known_pct[row, known].sum() - fresh_pct[row, known].sum())
            is_odd[row] = difference > np.quantile(errors, ODD_SUM_LEVEL)
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

    Rows without grade and resource get the errors made without them. Extrapolated rows get at
    least the errors made on families never seen.
    """
    measured = dataset.rows(dataset.is_measured)
    sums = with_group_sums(measured.stored_shares)[:, len(OXIDES) :]
    observed = np.concatenate([measured.shares, sums], axis=1)
    conformal = {
        stated: LocalConformal(
            observed - with_group_sums(predicted),
            measured.families,
            measured.site_ids,
            settings.interval_other_rows,
        )
        for stated, predicted in ((True, calibration.out_of_fold_pct), (False, calibration.hidden_pct))
    }
    half = np.empty((len(dataset), observed.shape[1]))
    stated = has_amounts(dataset.features)
    for flag, errors in conformal.items():
        rows = (stated == flag) & ~dataset.is_measured
        half[rows] = errors.half_widths_pct(dataset.families[rows], level)
    half[dataset.is_measured] = conformal[True].own_half_widths_pct(level)
    unseen = observed - with_group_sums(calibration.unseen_family_pct)
    floor = conformal_half_widths_pct(unseen, level)
    half[is_extrapolated] = np.maximum(half[is_extrapolated], floor)
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
    families, measured = dataset.families, dataset.is_measured
    flags = np.zeros(len(dataset), dtype=bool)
    others = np.flatnonzero(~measured)
    flags[others] = _unsupported(
        amounts[others], families[others], amounts[measured], families[measured], settings
    )
    for row in np.flatnonzero(measured):
        support = measured & (dataset.site_ids != dataset.site_ids[row])
        own = slice(row, row + 1)
        flags[row] = _unsupported(amounts[own], families[own], amounts[support], families[support], settings)[
            0
        ]
    return flags


def _unsupported(
    amounts: FloatArray,
    families: npt.NDArray[np.object_],
    known_amounts: FloatArray,
    known_families: npt.NDArray[np.object_],
    settings: Settings,
) -> npt.NDArray[np.bool_]:
    """Whether rows lie outside what the supporting rows span, shape (n,), bool."""
    counts = {family: int((known_families == family).sum()) for family in set(families) if family is not None}
    rare = np.array(
        [counts.get(family, 0) < settings.extrapolation_family_rows for family in families], dtype=bool
    )
    is_outside = np.zeros(amounts.shape, dtype=bool)
    for column in range(amounts.shape[1]):
        known = known_amounts[np.isfinite(known_amounts[:, column]), column]
        low, high = (known.min(), known.max()) if known.size else (np.inf, -np.inf)
        stated = np.isfinite(amounts[:, column])
        is_outside[:, column] = stated & ((amounts[:, column] < low) | (amounts[:, column] > high))
    flags: npt.NDArray[np.bool_] = rare | is_outside.any(axis=1)
    return flags
