"""What spreads and intervals are made of: out-of-fold predictions, by what they were made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.dataset import Dataset
from ml.judging.spread import ErrorPool
from ml.oxides import OXIDES, FloatArray
from ml.settings import Settings
from ml.sight import Sight

HIDDEN: dict[str, Sight] = {
    "as_is": Sight.NOTHING,
    "amounts_hidden": Sight.AMOUNTS,
    "minerals_hidden": Sight.HOST,
    "amounts_and_minerals_hidden": Sight.BOTH,
}
"""Ways a row is shown to the models: what of it is hidden."""

UNSEEN_FAMILY: dict[Sight, str] = {
    Sight.NOTHING: "family_unseen",
    Sight.HOST: "family_unseen_minerals_hidden",
}
"""Variants predicted by models that saw nothing of the row's family, by what else is hidden."""

KEPT_VARIANTS: tuple[str, ...] = (*(name for name in HIDDEN if name != "as_is"), *UNSEEN_FAMILY.values())
"""Variants of out-of-fold predictions that a table of their own holds."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What intervals are made of: the champion's predictions of measured rows it did not see.

    Attributes:
        out_of_fold_pct: By variant, as in `ml.judging.protocols.Evaluation`, each shape (n, 15).
    """

    out_of_fold_pct: dict[str, FloatArray]

    @property
    def as_is_pct(self) -> FloatArray:
        """Predictions from all that is known of each row, shape (n, 15)."""
        return self.out_of_fold_pct["as_is"]

    def frame(self, dataset: Dataset) -> pd.DataFrame:
        """Give one row per measured project, variant and oxide, cells without a prediction left out.

        Predictions of rows as they are belong to the predictions themselves and are left out.
        """
        ids = dataset.project_ids[dataset.is_measured]
        frames = [
            pd.DataFrame(
                {
                    "project_id": np.repeat(ids, len(OXIDES)),
                    "variant": variant,
                    "oxide": np.tile(np.array(OXIDES, dtype=object), len(ids)),
                    "predicted_pct": self.out_of_fold_pct[variant].ravel(),
                }
            ).dropna()
            for variant in KEPT_VARIANTS
        ]
        return pd.concat(frames, ignore_index=True)


def interval_labels(table: Dataset) -> npt.NDArray[np.object_]:
    """What projects are alike in where intervals are concerned: host group, then family, shape (n, 2)."""
    return np.stack([table.features["host_group"].to_numpy(dtype=object), table.families], axis=1)


def error_pool(errors: FloatArray, alike: Dataset, settings: Settings) -> ErrorPool:
    """Make spreads of log-ratio errors of measured rows, shape (n, 15), local to host group and family.

    Errors of rows that models do not learn from do not count: they are not of ores.
    """
    return ErrorPool(
        np.where(alike.is_trainable[:, None], errors, np.nan),
        interval_labels(alike),
        alike.site_ids,
        settings.interval_other_sites,
        settings.interval_group_sites,
    )
