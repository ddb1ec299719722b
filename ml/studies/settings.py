"""What the longer studies may vary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StudySettings:
    """What a study varies beyond the settings of a build.

    Attributes:
        keras_seeds: Keras networks per split and variant.
        keras_epochs: Passes over the rows, at most; 190 in the study's notebook.
        patience: Epochs without a better validation loss that end the variant on per cent.
        curve_sites: Measured sites trained on, points of the learning curve.
        repeats: Repeats of the folds by site.
        wide_widths: Units of hidden layers the wide search chooses from.
        wide_weight_decays: Decays it chooses from.
        wide_steps: Learning rates and epochs it chooses from.
        permutations: Shuffles of the mineral labels behind a p-value.
    """

    keras_seeds: int = 10
    keras_epochs: int = 190
    patience: int = 10
    curve_sites: tuple[int, ...] = (20, 30, 40, 50)
    repeats: int = 3
    wide_widths: tuple[tuple[int, ...], ...] = ((8,), (32,), (128,), (16, 8), (64, 32), (128, 64))
    wide_weight_decays: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
    wide_steps: tuple[tuple[float, int], ...] = ((0.003, 100), (0.01, 60), (0.01, 200))
    permutations: int = 499
