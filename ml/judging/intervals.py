"""Sums beside oxides, and how far an estimate may be off by the errors of others."""

from __future__ import annotations

import math

import numpy as np

from ml.oxides import GROUPS, TOTAL_PCT, FloatArray, group_sum_pct


def with_group_sums(shares_pct: FloatArray) -> FloatArray:
    """Append the sums of `GROUPS` to shares, shape (..., 15) to (..., 18)."""
    sums = [group_sum_pct(shares_pct, oxides)[..., None] for oxides in GROUPS.values()]
    return np.concatenate([shares_pct, *sums], axis=-1)


def conformal_half_widths_pct(residuals_pct: FloatArray, level: float) -> FloatArray:
    """Half-width of a two-sided interval per target, alike for all rows.

    It is the ceil((n + 1) * level)-th smallest absolute error, which covers a new exchangeable
    row with probability `level` or more at any n (Lei et al., "Distribution-free predictive
    inference for regression", 2018, doi:10.1080/01621459.2017.1307116, section 2.2).

    Args:
        residuals_pct: Observed minus predicted, out of fold, shape (n, k), NaN cells left out.
        level: Wanted coverage, for example 0.9.

    Returns:
        Half-widths in per cent, shape (k,); 100 where there are too few errors to say less.
    """
    ordered = np.sort(np.abs(residuals_pct), axis=0)  # NaN sorts last
    known = np.isfinite(residuals_pct).sum(axis=0)
    widths = np.full(residuals_pct.shape[1], TOTAL_PCT)
    for column, n in enumerate(known):
        rank = math.ceil((n + 1) * level)
        if rank <= n:
            widths[column] = ordered[rank - 1, column]
    return widths
