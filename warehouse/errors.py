"""The one kind of failure a user is meant to read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path


@dataclass
class ReeError(Exception):
    """A failure in one sentence: what is wrong, where, and what to do.

    Attributes:
        problem: What is wrong, without a full stop.
        remedy: What the reader can do about it, as an imperative, without a full stop.
        file: File the problem is in, if any.
        row: One-based physical line of that file, if known.
        column: Column name, if known.
    """

    problem: str
    remedy: str
    file: Path | str | None = None
    row: int | None = None
    column: str | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """Return its parts for JSON, with the sentence as ``message``."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        file = None if self.file is None else str(self.file)
        return {"message": str(self), **parts, "file": file}

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                str(self.file) if self.file is not None else "",
                f"line {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column is not None else "",
            )
            if part
        )
        return f"{place + ': ' if place else ''}{self.problem}; {self.remedy}."


@dataclass
class GateFailedError(Exception):
    """A quality gate did not hold: one sentence per failed check, and what that leaves."""

    gate: str
    sentences: list[str]
    consequence: str = "the published file stays as it was"

    def as_dict(self) -> dict[str, str | list[str]]:
        """Return its parts for JSON."""
        return {
            "message": f"the {self.gate} gate failed; {self.consequence}.",
            "gate": self.gate,
            "sentences": self.sentences,
        }

    def __str__(self) -> str:
        return "\n".join(self.sentences)
