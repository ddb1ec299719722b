"""Cross-validation folds: grouped, so that no site is on both sides, and random for contrast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold, KFold

Fold = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
"""Positions of the training rows and of the test rows."""


class LeakageError(ValueError):
    """A group is in the training and in the test rows of one fold."""


def grouped_folds(groups: npt.NDArray[np.object_], folds: int, repeats: int, seed: int) -> list[list[Fold]]:
    """Draw repeated k-fold splits that keep every group in one fold.

    Args:
        groups: Group of each row, shape (n,), for example the site.
        folds: Folds per repeat.
        repeats: How often the groups are dealt again.
        seed: Root of the draws; equal seeds give equal folds.

    Returns:
        For each repeat its folds. Within a repeat every row is tested exactly once.

    Raises:
        ValueError: If there are fewer groups than folds.
        LeakageError: If a group ends up on both sides (never, unless this function is wrong).
    """
    drawn = []
    for state in _states(seed, repeats):
        splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=state)
        drawn.append(list(splitter.split(np.zeros((len(groups), 1)), groups=groups)))
    for repeat in drawn:
        check_no_leakage(repeat, groups)
    return drawn


def random_folds(rows: int, folds: int, repeats: int, seed: int) -> list[list[Fold]]:
    """Draw repeated k-fold splits of single rows, blind to groups.

    Args:
        rows: Number of rows.
        folds: Folds per repeat.
        repeats: How often the rows are dealt again.
        seed: Root of the draws.

    Returns:
        For each repeat its folds. Within a repeat every row is tested exactly once.
    """
    return [
        list(KFold(n_splits=folds, shuffle=True, random_state=state).split(np.zeros((rows, 1))))
        for state in _states(seed, repeats)
    ]


def check_no_leakage(folds: list[Fold], groups: npt.NDArray[np.object_]) -> None:
    """Make sure that no group is both trained on and tested on.

    Args:
        folds: Folds of one repeat.
        groups: Group of each row, shape (n,).

    Raises:
        LeakageError: Naming the groups that are on both sides, and the fold.
    """
    for number, (train, test) in enumerate(folds):
        shared = set(groups[train]) & set(groups[test])
        if shared:
            names = ", ".join(sorted(map(str, shared)))
            raise LeakageError(f"fold {number} trains and tests on the same groups: {names}")


def _states(seed: int, repeats: int) -> list[int]:
    # SeedSequence gives the first repeats the same folds however many repeats are asked for.
    return [int(state) for state in np.random.SeedSequence(seed).generate_state(repeats)]


def training_on(folds: list[Fold], is_trainable: npt.NDArray[np.bool_]) -> list[Fold]:
    """Leave rows that are not to be learned from out of the training rows of folds; they stay tested."""
    return [(train[is_trainable[train]], test) for train, test in folds]
