"""The fifteen rare-earth oxides of a composition: their order, their groups, their closure.

Every array in this package whose last axis has length 15 is in the order of `OXIDES`. Shares
are per cent of total rare-earth oxide (TREO), so a complete composition sums to 100.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]

OXIDES: Final[tuple[str, ...]] = (
    "La2O3",
    "Ce2O3",
    "Pr6O11",
    "Nd2O3",
    "Sm2O3",
    "Eu2O3",
    "Gd2O3",
    "Tb4O7",
    "Dy2O3",
    "Ho2O3",
    "Er2O3",
    "Tm2O3",
    "Yb2O3",
    "Lu2O3",
    "Y2O3",
)
"""The oxides in the order in which the published table prints them."""

PATTERN_POSITIONS: Final[FloatArray] = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 10], float)
"""Where each oxide lies in a rare-earth pattern, shape (15,): Y, by its radius, between Dy and Ho."""

LREE: Final[tuple[str, ...]] = OXIDES[:6]
"""Light rare earths, La to Eu."""

HREE: Final[tuple[str, ...]] = OXIDES[6:]
"""Heavy rare earths, Gd to Lu and Y: the definition behind the published HREE percentage."""

NDPR: Final[tuple[str, ...]] = ("Pr6O11", "Nd2O3")
"""The pair sold together for magnets."""

MAGNET: Final[tuple[str, ...]] = ("Pr6O11", "Nd2O3", "Tb4O7", "Dy2O3")
"""All rare earths that go into permanent magnets."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {"hree": HREE, "ndpr": NDPR, "magnet": MAGNET}
"""The sums people ask for, by the name they have in tables."""

TOTAL_PCT: Final = 100.0
"""What the shares of one complete composition sum to, in per cent of TREO."""

CLOSURE_TOLERANCE_PCT: Final = 1.0
"""Shares whose sum lies this close to 100 close; the marts call a composition full by the same tolerance."""


LEAST_PCT: Final = 1e-4
"""A share below this counts as this in logarithms of predictions."""


def oxide_positions(oxides: tuple[str, ...]) -> npt.NDArray[np.intp]:
    """Give the positions of some oxides on the last axis of a composition array.

    Args:
        oxides: Names from `OXIDES`.

    Returns:
        Positions, shape (len(oxides),), dtype intp.

    Raises:
        ValueError: If a name is not one of the fifteen.
    """
    return np.array([OXIDES.index(oxide) for oxide in oxides], dtype=np.intp)


def group_sum_pct(shares_pct: FloatArray, oxides: tuple[str, ...]) -> FloatArray:
    """Sum the shares of a group of oxides.

    Args:
        shares_pct: Shares in per cent, shape (..., 15), float64.
        oxides: The group, for example `HREE`.

    Returns:
        The group's share in per cent, shape (...), NaN where one of its shares is NaN.
    """
    total: FloatArray = shares_pct[..., oxide_positions(oxides)].sum(axis=-1)
    return total


def close(shares: FloatArray, total: float = TOTAL_PCT) -> FloatArray:
    """Clip shares at 0 and scale them so that each row sums to `total`.

    This is the closure operation of compositional data (Aitchison, The Statistical Analysis
    of Compositional Data, 1986, section 2.2) after negative predictions are cut off.

    Args:
        shares: Shares in any unit, shape (..., k), float64, without NaN.
        total: The sum wanted, in the unit wanted.

    Returns:
        Shares of the same shape, each in [0, total]. A row without any positive share says
        nothing about proportions and becomes equal shares.

    Raises:
        ValueError: If a share is NaN or infinite.
    """
    if not np.isfinite(shares).all():
        raise ValueError("cannot close a composition that holds NaN or infinite shares")
    positive = np.clip(shares, 0.0, None)
    row_sum = positive.sum(axis=-1, keepdims=True)
    is_empty = row_sum <= 0.0
    positive = np.where(is_empty, 1.0, positive)
    row_sum = np.where(is_empty, float(shares.shape[-1]), row_sum)
    closed: FloatArray = positive / row_sum * total
    return closed


def known_mean(values: FloatArray) -> FloatArray:
    """Column means over known cells, shape (k,); 0 for a column without a known cell."""
    known = np.isfinite(values).sum(axis=0)
    mean: FloatArray = np.nansum(values, axis=0) / np.maximum(known, 1)
    return mean


def shrunk_mean(values: FloatArray, towards: FloatArray, rows: float) -> FloatArray:
    """Column means over known cells, pulled towards another mean.

    With n known cells of mean f and m the other mean, the result is (n f + k m) / (n + k): the
    posterior mean of a normal model in which k is the ratio of the variance within groups to
    that between them (Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section 5.4).

    Args:
        values: Shape (n, k), NaN where unknown.
        towards: m, shape (k,).
        rows: k, the weight of `towards` in rows.

    Returns:
        Means, shape (k,).
    """
    known = np.isfinite(values).sum(axis=0)
    pulled: FloatArray = (np.nansum(values, axis=0) + rows * towards) / np.maximum(known + rows, 1e-12)
    return pulled
