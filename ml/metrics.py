"""How far predictions are from published shares, with errors that respect sites."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.oxides import FloatArray


def rmse(errors: FloatArray) -> float:
    """Root mean square of errors.

    Args:
        errors: Predicted minus observed in per cent of TREO, any shape; NaN cells are left out.

    Returns:
        The error in the unit of the input, NaN if no cell is left.
    """
    known = errors[np.isfinite(errors)]
    return float(np.sqrt(np.mean(known**2))) if known.size else float("nan")


def rmse_standard_error(errors: FloatArray, groups: npt.NDArray[np.object_], draws: int, seed: int) -> float:
    """Standard error of `rmse` by a bootstrap that resamples whole groups.

    Projects of one site err together, so sites, not cells or projects, are what is drawn
    (the cluster bootstrap; Davison and Hinkley, Bootstrap Methods and their Application, 1997,
    section 3.8).

    Args:
        errors: Shape (n, ...) with one row per project; NaN cells are left out.
        groups: Group of each row, shape (n,).
        draws: Resamples.
        seed: Seed of the draws.

    Returns:
        Standard deviation of the resampled errors, in the unit of `errors`.
    """
    flat = errors.reshape(len(errors), -1)
    square_sum, cells = _group_sums(flat, groups)
    generator = np.random.default_rng(seed)
    drawn = generator.integers(0, len(cells), size=(draws, len(cells)))
    drawn_cells = cells[drawn].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        resampled = np.sqrt(square_sum[drawn].sum(axis=1) / drawn_cells)
    return float(np.nanstd(resampled, ddof=1))


def _group_sums(errors: FloatArray, groups: npt.NDArray[np.object_]) -> tuple[FloatArray, FloatArray]:
    """Sum of squares and number of known cells of each group, both shape (groups,)."""
    _, position = np.unique(groups.astype(str), return_inverse=True)
    square_sum = np.bincount(position, weights=np.nansum(errors**2, axis=1))
    cells = np.bincount(position, weights=np.isfinite(errors).sum(axis=1))
    return square_sum.astype(np.float64), cells.astype(np.float64)


def coverage(observed: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Share of the known cells that lie within their interval.

    Args:
        observed: Published shares in per cent; NaN cells are left out.
        lower: Lower ends, same shape and unit.
        upper: Upper ends, same shape and unit.

    Returns:
        A fraction in [0, 1], NaN if no cell is known.
    """
    is_known = np.isfinite(observed)
    is_inside = (observed >= lower) & (observed <= upper)
    return float(is_inside[is_known].mean()) if is_known.any() else float("nan")


def mean_width(observed: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Mean width of the intervals of the known cells, in per cent of TREO."""
    is_known = np.isfinite(observed)
    return float((upper - lower)[is_known].mean()) if is_known.any() else float("nan")
