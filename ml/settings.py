"""Everything a training run may vary, in one frozen and hashable place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

CHAMPION: Final = "champion_blend"
"""Name of the model whose predictions are handed on."""

BLENDED: Final[tuple[str, ...]] = ("mlp_ensemble", "extra_trees", "gaussian_process", "host_mean_shrunk")
"""What the champion blends."""


@dataclass(frozen=True)
class Settings:
    """What a run is trained and judged with. The hash of it is part of the run's key.

    Attributes:
        seed: Root of every random draw of the run.
        members: Networks in the ensemble of a fold, over all chosen grid points.
        grid_widths: Units of the hidden layers, choices.
        grid_weight_decays: Decoupled decay of Adam, choices; each step multiplies weights by
            1 - learning rate * decay.
        grid_steps: Learning rate and epochs (one full-batch Adam step each), choices in pairs.
        grid_bags: Networks per grid point and inner fold while choosing.
        grid_kept: Grid points that are averaged: the best so many by inner folds.
        threads: CPU threads TensorFlow may use; part of the settings because the order of a
            sum, and so its last bit, can depend on it.
        folds: Folds of each cross-validation.
        inner_folds: Folds by site, inside the training rows, that choose grid points and weights.
        grouped_repeats: Repeats of the cross-validation that keeps a site in one fold.
        random_repeats: Repeats of the cross-validation that ignores sites.
        shrinkage_rows: Pull of a family's or host's mean to that of the level above, in rows.
        trees: Trees of each forest.
        blend_shrinkage: Pull of the blend's weights to equal ones; 1 counts as much as the data.
        sibling_correlation: Correlation of the errors of two projects of one site, assumed.
        interval_group_rows: Measured projects of a host group that make intervals go by it, and not
            by the deposit family.
        interval_other_rows: What the errors of all projects not alike weigh in an interval, in rows.
        bootstrap_draws: Resamples of the sites behind a standard error.
        extrapolation_family_rows: A family or host group with fewer measured projects counts as
            unexplored.
        reference_seeds: Seeds the reference study's network is trained from on its own splits.
        min_training_sites: Sites below which the champion refuses to train.
    """

    seed: int = 20230607
    members: int = 40
    grid_widths: tuple[tuple[int, ...], ...] = ((64, 32), (32, 16))
    grid_weight_decays: tuple[float, ...] = (3.0, 10.0)
    grid_steps: tuple[tuple[float, int], ...] = ((0.01, 60),)
    grid_bags: int = 3
    grid_kept: int = 2
    threads: int = 2
    folds: int = 5
    inner_folds: int = 4
    grouped_repeats: int = 10
    random_repeats: int = 2
    shrinkage_rows: float = 2.0
    trees: int = 60
    blend_shrinkage: float = 5.0
    sibling_correlation: float = 0.7
    interval_group_rows: int = 5
    interval_other_rows: float = 2.0
    bootstrap_draws: int = 1000
    extrapolation_family_rows: int = 4
    min_training_sites: int = 20
    reference_seeds: int = 10

    def to_json(self) -> str:
        """Write the settings as JSON with sorted keys: equal settings give equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what `to_json` wrote.

        Raises:
            ValueError: If the text names settings this version does not know, or lacks some.
        """
        values = {name: _as_tuples(value) for name, value in json.loads(text).items()}
        if set(values) != {field.name for field in fields(cls)}:
            raise ValueError("the settings are those of another version")
        return cls(**values)

    def sha256(self) -> str:
        """Give the SHA-256 of `to_json` as 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _as_tuples(value: Any) -> Any:
    """JSON knows lists alone; settings are hashable."""
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value
