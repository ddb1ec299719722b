"""Faults of a file, gathered so that all are named at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from warehouse.errors import ReeError

SHOWN = 20
"""How many faults are named; how many more there are is counted."""


class SeveralFaultsError(ReeError):
    """Faults of one file: a sentence each, the first `SHOWN` of them."""

    def __init__(self, faults: list[ReeError]) -> None:
        """Take at least one fault; the first gives the parts that machines read."""
        first = faults[0]
        super().__init__(first.problem, first.remedy, first.file, first.row, first.column)
        self.faults = faults

    def __str__(self) -> str:
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        more = len(self.faults) - len(shown)
        if more:
            shown.append(f"{self.faults[0].file}: {more} more cells cannot be used; correct these first.")
        return "\n".join(shown)


@dataclass
class Faults:
    """What is wrong with a file so far."""

    path: Path
    found: list[ReeError] = field(default_factory=list)

    def add(self, problem: str, remedy: str, row: int, column: str | None = None) -> None:
        """Note one fault."""
        self.found.append(ReeError(problem, remedy, file=self.path, row=row, column=column))

    def refuse(self) -> None:
        """Raise what was found, if anything.

        Raises:
            SeveralFaultsError: Naming every fault, or the first of many.
        """
        if self.found:
            raise SeveralFaultsError(self.found) if len(self.found) > 1 else self.found[0]
