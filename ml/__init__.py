"""Models that predict the fifteen oxide shares of rare-earth projects: the front door.

What is named here is all that the warehouse may use. A name is imported when it is first asked for, so that
whoever wants the order of the oxides does not wait for a database driver or a training library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ml.errors import PipelineError
    from ml.oxides import HREE, OXIDES, TOTAL_PCT
    from ml.pipeline import RunSummary, add_studies, draw_sites, predict_sites, run, train_studies
    from ml.settings import Settings
    from ml.store.tables import create_tables
    from ml.studies.settings import StudySettings

__all__ = [
    "HREE",
    "OXIDES",
    "TOTAL_PCT",
    "PipelineError",
    "RunSummary",
    "Settings",
    "StudySettings",
    "add_studies",
    "create_tables",
    "draw_sites",
    "predict_sites",
    "run",
    "train_studies",
]

_HOMES = {
    "ml.errors": ("PipelineError",),
    "ml.oxides": ("HREE", "OXIDES", "TOTAL_PCT"),
    "ml.pipeline": ("RunSummary", "add_studies", "draw_sites", "predict_sites", "run", "train_studies"),
    "ml.settings": ("Settings",),
    "ml.store.tables": ("create_tables",),
    "ml.studies.settings": ("StudySettings",),
}


def __getattr__(name: str) -> object:
    """Import the module a name of the front door lives in."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
