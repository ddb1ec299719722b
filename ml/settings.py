"""Everything a training run may vary, in one frozen and hashable place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final

CHAMPION: Final = "mlp_ensemble"
"""Name of the model whose predictions are handed on."""


@dataclass(frozen=True)
class Settings:
    """What a run is trained and judged with. The hash of it is part of the run's key.

    Attributes:
        seed: Root of every random draw of the run.
        members: Networks in the bagged ensemble.
        hidden_widths: Units of each hidden layer.
        learning_rate: Step size of Adam.
        weight_decay: Decoupled decay; each step multiplies weights by 1 - learning_rate * decay.
        epochs: Passes over the training rows (one full-batch Adam step each).
        threads: CPU threads TensorFlow may use; part of the settings because the order of a
            sum, and so its last bit, can depend on it.
        folds: Folds of each cross-validation.
        grouped_repeats: Repeats of the cross-validation that keeps a site in one fold.
        random_repeats: Repeats of the cross-validation that ignores sites.
        shrinkage_rows: Pull of the family mean to the overall mean, in rows.
        trees: Trees of the extra-trees baseline.
        bootstrap_draws: Resamples of the sites behind a standard error.
        extrapolation_family_rows: A family with fewer measured projects counts as unexplored.
    """

    seed: int = 20230607
    members: int = 100
    hidden_widths: tuple[int, ...] = (64, 32)
    learning_rate: float = 0.001
    weight_decay: float = 10.0
    epochs: int = 320
    threads: int = 2
    folds: int = 5
    grouped_repeats: int = 10
    random_repeats: int = 3
    shrinkage_rows: float = 2.0
    trees: int = 200
    bootstrap_draws: int = 1000
    extrapolation_family_rows: int = 5

    def to_json(self) -> str:
        """Write the settings as JSON with sorted keys: equal settings give equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    def sha256(self) -> str:
        """Give the SHA-256 of `to_json` as 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()
