"""What is known of a project beside its deposit: amounts, the host mineral, both or neither.

Which model predicts a row, which errors its interval is made of and what a prediction says it rests on all
follow from this one value.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntFlag
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import AMOUNT_COLUMNS, HOST_COLUMNS, Dataset


class Sight(IntFlag):
    """What is known of a row.

    Attributes:
        NOTHING: Neither of the two.
        AMOUNTS: Grade or resource.
        HOST: A principal host mineral of a group that a supporting row of another site has.
        BOTH: Both of the two.
    """

    NOTHING = 0
    AMOUNTS = 1
    HOST = 2
    BOTH = 3


SIGHTS: Final = (Sight.NOTHING, Sight.AMOUNTS, Sight.HOST, Sight.BOTH)
"""All values a row can have."""

SightArray: TypeAlias = npt.NDArray[np.int8]
"""Values of `Sight`, one per row."""


class Clues:
    """What `Sight` is decided by, taken out of a table once.

    Args:
        table: Projects; positions below are positions in it.
    """

    def __init__(self, table: Dataset) -> None:
        amounts = table.features[list(AMOUNT_COLUMNS)].to_numpy(dtype="float64")
        self._has_amounts: npt.NDArray[np.bool_] = np.any(amounts > 0.0, axis=1)
        self._groups = pd.factorize(table.features["host_group"])[0]  # -1 where unknown
        self._sites = pd.factorize(table.site_ids)[0]

    def sights(self, asked: npt.NDArray[np.intp], support: npt.NDArray[np.intp]) -> SightArray:
        """Tell what is known of rows that models trained on other rows are asked for.

        A host counts only if a supporting row of another site is of its group. One that nobody measured
        tells a model nothing. One that only the row's own site has is learned from that site alone, and no
        out-of-fold error, which is made without the row's site, says how good such a prediction is.

        Args:
            asked: Positions of the rows asked for, shape (q,).
            support: Positions of the rows trained on, shape (n,).

        Returns:
            Values of `Sight`, shape (q,), int8.
        """
        groups, sites = self._groups[asked][:, None], self._sites[asked][:, None]
        is_alike = (groups == self._groups[support]) & (sites != self._sites[support]) & (groups >= 0)
        found: SightArray = (
            self._has_amounts[asked] * np.int8(Sight.AMOUNTS) + is_alike.any(axis=1) * np.int8(Sight.HOST)
        ).astype(np.int8)
        return found


def own_sights(table: Dataset) -> SightArray:
    """Tell what is known of every row of a table for models of its rows to learn from, shape (n,), int8."""
    return Clues(table).sights(np.arange(len(table)), np.flatnonzero(table.is_trainable))


def includes(found: SightArray, what: Sight) -> npt.NDArray[np.bool_]:
    """Whether all of `what` is known of each row, shape (n,), bool."""
    has_all: npt.NDArray[np.bool_] = (found & np.int8(what)) == np.int8(what)
    return has_all


def hidden(table: Dataset, what: Sight, rows: npt.NDArray[np.bool_] | None = None) -> Dataset:
    """Give a table of which something is not known.

    Args:
        table: Projects.
        what: What to hide.
        rows: Rows it is hidden in, shape (n,); None for all.

    Returns:
        The table with amounts as NaN, or mineral, group and confidence as None, in those rows.
    """
    where = np.ones(len(table), dtype=bool) if rows is None else rows
    features = table.features.copy()
    if Sight.AMOUNTS in what:
        features.loc[where, list(AMOUNT_COLUMNS)] = np.nan
    if Sight.HOST in what:
        for column in HOST_COLUMNS:
            features[column] = features[column].where(~where, None)
    return replace(table, features=features)


def mineral_bases(table: Dataset) -> npt.NDArray[np.object_]:
    """Tell how the host that a prediction rests on is known, shape (n,), object.

    The confidence in it (see `ml.dataset.MINERAL_BASES`), and `none` where `Sight.HOST` is not given.
    """
    confidence = table.features["mineral_confidence"].to_numpy(dtype=object)
    return np.where(includes(own_sights(table), Sight.HOST), confidence, "none").astype(object)
