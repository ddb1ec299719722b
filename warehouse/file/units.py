"""What the numbers of the published file are measured in, as reviewed in ``units.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from warehouse.file.catalogue import Column, Table

UNITS = Path(__file__).with_name("units.yml")


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    ending: str | None = None
    columns: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_something(self) -> _Rule:
        if (self.ending is None) == (not self.columns):
            raise ValueError("a rule names either an ending or columns")
        return self

    def exactness(self, table: str, column: str) -> int:
        """How exactly the rule names the column: 0 if it does not."""
        longest = 1_000
        if f"{table}.{column}" in self.columns:
            return longest + 1
        if column in self.columns:
            return longest
        return len(self.ending) if self.ending is not None and column.endswith(self.ending) else 0


class Unit(_Rule):
    """A unit and the columns measured in it.

    Attributes:
        unit: The unit as Pint reads it.
        symbol: The unit as people read it, and as the column's comment has it in brackets.
    """

    unit: str
    symbol: str


class Unitless(_Rule):
    """Columns of numbers without a unit, or without one only, and why."""

    reason: str


class Units(BaseModel):
    """Both lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: tuple[Unit, ...]
    unitless: tuple[Unitless, ...]

    def rule(self, table: str, column: str) -> Unit | Unitless | None:
        """Return the rule that names the column most exactly, if any does."""
        rules: tuple[Unit | Unitless, ...] = (*self.units, *self.unitless)
        best = max(rules, key=lambda rule: rule.exactness(table, column), default=None)
        return best if best is not None and best.exactness(table, column) else None


@cache
def read_units(file: Path = UNITS) -> Units:
    """Read the reviewed lists.

    Raises:
        pydantic.ValidationError: If a row is malformed.
    """
    return Units.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def unit_of(table: Table, column: Column) -> Unit | None:
    """Return the unit of a column; none for texts and for numbers listed as unitless."""
    rule = read_units().rule(table.name, column.name) if column.is_number else None
    return rule if isinstance(rule, Unit) else None
