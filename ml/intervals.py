"""Conformal prediction intervals from out-of-fold residuals.

The half-width of an interval is an order statistic of absolute residuals on rows the model has
not seen: the split-conformal rule of Lei, G'Sell, Rinaldo, Tibshirani and Wasserman,
"Distribution-Free Predictive Inference for Regression", Journal of the American Statistical
Association 113 (2018), 1094-1111, doi:10.1080/01621459.2017.1307116, with residuals taken out of
fold as in Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial Intelligence
74 (2015), 9-28, doi:10.1007/s10472-013-9368-4. Coverage is guaranteed only as far as a new
project is exchangeable with the measured ones.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ml.oxides import TOTAL_PCT, FloatArray


def half_widths_pct(residuals_pct: FloatArray, level: float) -> FloatArray:
    """Half-width of a two-sided interval per oxide.

    It is the ceil((n + 1) * level)-th smallest absolute residual, which covers a new exchangeable
    row with probability `level` or more at any n (Lei et al. 2018, section 2.2).

    Args:
        residuals_pct: Observed minus predicted, out of fold, shape (n, k), float64; NaN cells
            are left out.
        level: Wanted coverage, for example 0.9.

    Returns:
        Half-widths in per cent, shape (k,); 100 where there are too few residuals to say less.

    Raises:
        ValueError: If `level` is not between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    ordered = np.sort(np.abs(residuals_pct), axis=0)  # NaN sorts last
    known = np.isfinite(residuals_pct).sum(axis=0)
    widths = np.full(residuals_pct.shape[1], TOTAL_PCT)
    for column, n in enumerate(known):
        rank = math.ceil((n + 1) * level)
        if rank <= n:
            widths[column] = ordered[rank - 1, column]
    return widths


def half_widths_without_own_site_pct(
    residuals_pct: FloatArray, site_ids: npt.NDArray[np.object_], level: float
) -> FloatArray:
    """Half-widths for rows that are themselves part of the residuals.

    A row's own residual, and those of its siblings, must not widen or narrow its interval, or
    the coverage measured on it would flatter.

    Args:
        residuals_pct: Shape (n, k), as in `half_widths_pct`.
        site_ids: Site of each row, shape (n,).
        level: Wanted coverage.

    Returns:
        Half-widths in per cent, shape (n, k).
    """
    widths = np.empty_like(residuals_pct)
    for site in dict.fromkeys(site_ids):
        is_here = site_ids == site
        widths[is_here] = half_widths_pct(residuals_pct[~is_here], level)
    return widths


def interval_pct(predicted_pct: FloatArray, half_width_pct: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower and upper ends around predictions, cut to what a share can be, 0 to 100.

    Args:
        predicted_pct: Predictions in [0, 100], shape (n, k).
        half_width_pct: Shape (k,) or (n, k).

    Returns:
        Lower and upper ends, both shape (n, k); the prediction lies between them.
    """
    lower = np.clip(predicted_pct - half_width_pct, 0.0, TOTAL_PCT)
    upper = np.clip(predicted_pct + half_width_pct, 0.0, TOTAL_PCT)
    return lower, upper
