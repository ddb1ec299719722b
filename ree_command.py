"""Where the command `ree` starts, before any package of the project is imported."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `ree` with the packages of its own environment.

    PYTHONPATH comes before them, and may hold packages called `ml` or `warehouse` too.
    """
    path = os.environ.pop("PYTHONPATH", None)
    foreign = set() if path is None else {os.path.abspath(entry) for entry in path.split(os.pathsep)}  # noqa: PTH100
    own = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if entry not in foreign or entry == own]
    from warehouse.cli.app import main as run

    run()
