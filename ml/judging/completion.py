"""Conditioning a prediction on what is known of a composition: some shares, or the HREE percentage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.oxides import OXIDES, TOTAL_PCT, FloatArray, close


def error_covariances(
    errors_pct: FloatArray, families: npt.NDArray[np.object_], pull_rows: float
) -> dict[object, FloatArray]:
    """How the errors of the oxides go together, per family.

    Args:
        errors_pct: Observed minus predicted of rows the predicting model did not see, shape
            (n, 15); NaN cells count as no error.
        families: Deposit family of each row, shape (n,).
        pull_rows: Pull of a family's covariance to that of all, in rows.

    Returns:
        Covariances in per cent squared, (15, 15), per family, pulled towards that of all (see
        `ml.oxides.shrunk_mean`), under the key None.
    """
    errors = np.nan_to_num(errors_pct)
    overall = errors.T @ errors / max(1, len(errors))
    covariances: dict[object, FloatArray] = {None: overall}
    for family in {name for name in families if name is not None}:
        own = errors[families == family]
        pulled = own.T @ own + pull_rows * overall
        covariances[family] = pulled / (len(own) + pull_rows)
    return covariances


def condition(
    predicted_pct: FloatArray,
    covariance: FloatArray,
    combinations: FloatArray,
    known_pct: FloatArray,
    noise_pct2: float,
) -> FloatArray:
    """Move one prediction by what is known of it: the mean of the conditional normal distribution.

    Args:
        predicted_pct: Prediction, shape (15,).
        covariance: Covariance of its errors, shape (15, 15).
        combinations: What is known, as weights of the oxides, shape (k, 15).
        known_pct: Values of those sums, shape (k,).
        noise_pct2: Variance of each, per cent squared.

    Returns:
        Conditional mean, shape (15,), per cent, neither clipped nor closed.
    """
    among = combinations @ covariance @ combinations.T + noise_pct2 * np.eye(len(combinations))
    gain = np.linalg.solve(among, combinations @ covariance).T
    mean: FloatArray = predicted_pct + gain @ (known_pct - combinations @ predicted_pct)
    return mean


def complete(
    known_pct: FloatArray,
    predicted_pct: FloatArray,
    covariances: dict[object, FloatArray],
    families: npt.NDArray[np.object_],
    noise_pct2: float,
    least_pct: FloatArray | float = 0.0,
) -> FloatArray:
    """Fill the unknown shares of partly known compositions; known shares stay as they are.

    Args:
        known_pct: Shares known, per cent, shape (n, 15), NaN where unknown.
        predicted_pct: Predictions, per cent, shape (n, 15), without NaN.
        covariances: Covariances of errors per family, from `error_covariances`.
        families: Family of each row, shape (n,).
        noise_pct2: Variance of what is known, per cent squared.
        least_pct: What an unknown share is that comes out at 0 or below, before it is scaled, per cent,
            shape (15,).

    Returns:
        Completed shares, per cent, shape (n, 15), rows summing to 100 (see `fill_room`).
    """
    moved = predicted_pct.copy()
    for row, known in enumerate(np.isfinite(known_pct)):
        if known.any():
            covariance = covariances.get(families[row], covariances[None])
            combinations = np.eye(len(OXIDES))[known]
            moved[row] = condition(
                predicted_pct[row], covariance, combinations, known_pct[row, known], noise_pct2
            )
    return fill_room(known_pct, np.where(moved > 0.0, moved, least_pct))


def fill_room(known_pct: FloatArray, predicted_pct: FloatArray) -> FloatArray:
    """Scale the unknown shares to what the known ones leave of 100.

    Where the known shares sum to 100 or more they leave no room: the unknown ones become 0 and
    the known ones are scaled down to sum to 100. Rows that come near that are better completed by
    `ml.judging.pattern.along_pattern`.

    Args:
        known_pct: Published shares, per cent, shape (n, 15), NaN where unknown.
        predicted_pct: Predictions, per cent, shape (n, 15), without NaN; below 0 counts as 0.

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
