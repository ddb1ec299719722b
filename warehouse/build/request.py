"""What to build."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import ml
from warehouse.paths import DEFAULT_OUTPUT, KEPT_BUILDS, SOURCES_DIR


@dataclass(frozen=True)
class BuildRequest:
    """What to build.

    Attributes:
        output: Published file.
        sources_dir: Folder of source packages.
        published_dir: Folder of the tables as their publishers ship them, read instead of the packages'
            own tables.
        full_refresh: Forget earlier model runs and builds, and train again.
        retrain: Train again even if nothing changed; earlier runs are kept.
        docs: Whether to write the lineage site too.
        settings: What the ensemble is trained and judged with.
        keep: How many earlier builds stay beside the file.
    """

    output: Path = DEFAULT_OUTPUT
    sources_dir: Path = SOURCES_DIR
    published_dir: Path | None = None
    full_refresh: bool = False
    retrain: bool = False
    docs: bool = True
    settings: ml.Settings = field(default_factory=ml.Settings)
    keep: int = KEPT_BUILDS
