"""Everything a training run may vary, in one frozen and hashable place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

CHAMPION: Final = "champion_blend"
"""Name of the model whose predictions are handed on."""


@dataclass(frozen=True)
class Settings:
    """All that a run may vary. The hash of it is part of the run's key.

    What is not here is not varied: the reference study's own network, splits and rounds, which are those it
    published (`ml.studies.reference`); the moments of Adam, as its authors give them (`ml.models.members`);
    the levels of intervals, the protocols and the floor of logarithms, which are what columns and metrics of
    the tables mean (`ml.judging`); and how many networks, rows and columns are computed at once, which
    decides how long a run takes and, but for the rounding of 32-bit sums, nothing else
    (`ml.models.networks`). They are code, which is part of the key too.

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
        amount_shrinkage_rows: Pull of a family's usual grade and resource to that of all, in rows.
        ridge_alpha: Penalty of the ridge regression.
        neighbours: Neighbours averaged.
        trees: Trees of each forest.
        tree_leaf_rows: Rows a leaf of those holds at least.
        boosting_trees: Rounds of boosting, per oxide.
        boosting_rate: Share of each tree that is added.
        boosting_leaves: Leaves of a boosted tree, at most.
        boosting_leaf_rows: Rows a leaf of those holds at least.
        boosting_penalty: Penalty on the square of what a leaf adds.
        process_families: Variances between families the Gaussian process chooses from, in units of each
            oxide's variance; so are all its variances.
        process_hosts: Variances between host groups, and between minerals of a group, choices.
        process_tailings: Variance between tailings and ore.
        process_amounts: Variance explained by grade and resource.
        process_lengths: Lengths, choices, in standard deviations of the logarithms of the amounts.
        process_noises: Noise variances, choices.
        blended: What the champion blends.
        blend_shrinkage: Pull of the blend's weights to equal ones; 1 counts as much as the data.
        sibling_correlation: Correlation of the errors of two projects of one site, assumed.
        interval_group_sites: Measured sites of a host group that make intervals go by it, and not by the
            deposit family.
        interval_other_sites: What the errors of all sites not alike weigh in an interval, in sites.
        completion_noise_pct2: Variance of what is known of a composition that is completed, per cent squared:
            rounding, and shares not analysed counted as 0.
        completion_pull_rows: Pull of a family's error covariance to that of all, in rows.
        odd_sum_level: Share of the measured errors beyond which a sum of known shares is taken to be one of
            another basis than TREO.
        bootstrap_draws: Resamples of the sites behind a standard error.
        extrapolation_sites: A family or host group with fewer measured sites counts as unexplored.
        extrapolation_pair_sites: So does a family with a host group of which there are fewer.
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
    amount_shrinkage_rows: float = 2.0
    ridge_alpha: float = 3.0
    neighbours: int = 10
    trees: int = 60
    tree_leaf_rows: int = 2
    boosting_trees: int = 60
    boosting_rate: float = 0.08
    boosting_leaves: int = 6
    boosting_leaf_rows: int = 4
    boosting_penalty: float = 1.0
    process_families: tuple[float, ...] = (0.25, 0.5)
    process_hosts: tuple[float, ...] = (0.5, 1.0, 2.0)
    process_tailings: float = 0.1
    process_amounts: float = 0.4
    process_lengths: tuple[float, ...] = (0.7, 1.0, 1.5)
    process_noises: tuple[float, ...] = (0.5, 1.0)
    blended: tuple[str, ...] = ("mlp_ensemble", "extra_trees", "gaussian_process", "host_mean_shrunk")
    blend_shrinkage: float = 5.0
    sibling_correlation: float = 0.7
    interval_group_sites: int = 5
    interval_other_sites: float = 8.0
    completion_noise_pct2: float = 0.3
    completion_pull_rows: float = 5.0
    odd_sum_level: float = 0.95
    bootstrap_draws: int = 1000
    extrapolation_sites: int = 4
    extrapolation_pair_sites: int = 2
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
