"""The choices a scenario rests on: each a number with a default, a range, a reason and a source."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from warehouse.errors import ReeError
from warehouse.file.likeness import hints
from warehouse.file.query import records
from warehouse.scenario.faults import raise_any
from warehouse.sources.delimited import read_text

_COLUMNS = ("parameter", "value")


@dataclass(frozen=True)
class Parameter:
    """One reviewed choice, as ``marts.dim_scenario_parameters`` holds it.

    Attributes:
        parameter: Its name.
        parameter_group: What it is about.
        default_value: Value where nobody says otherwise.
        low_value: Lower end of the range that sensitivity looks at.
        high_value: Upper end of that range.
        least_value: Least value that makes sense.
        greatest_value: Greatest value that makes sense.
        value_unit: Unit of these values.
        parameter_meaning: What it does.
        reason: Why the default is what it is.
        evidence: Source of the default and the range.
    """

    parameter: str
    parameter_group: str
    default_value: float
    low_value: float
    high_value: float
    least_value: float
    greatest_value: float
    value_unit: str
    parameter_meaning: str
    reason: str
    evidence: str


@dataclass(frozen=True)
class Parameters:
    """All parameters of a scenario, and the values it takes.

    Attributes:
        known: The reviewed parameters, in their order.
        values: Value of each, by name.
    """

    known: tuple[Parameter, ...]
    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def with_value(self, name: str, value: float) -> Parameters:
        """Return the same parameters but for one value."""
        return replace(self, values={**self.values, name: value})

    def fraction(self, name: str) -> float:
        """Return a parameter given in per cent as a fraction of 1."""
        return self.values[name] / 100


def read_parameters(connection: duckdb.DuckDBPyConnection) -> Parameters:
    """Return the reviewed parameters of the published file with their defaults."""
    rows = records(connection, "from marts.dim_scenario_parameters order by parameter_order")
    known = tuple(Parameter(**{n: row[n] for n in Parameter.__dataclass_fields__}) for row in rows)
    return Parameters(known, {one.parameter: one.default_value for one in known})


def overridden(parameters: Parameters, settings: Sequence[str], file: Path | None = None) -> Parameters:
    """Return the parameters with values of the user's own.

    Args:
        parameters: The reviewed ones.
        settings: Texts ``name=value``; the last one of a name counts, and counts more than the file.
        file: CSV with the columns ``parameter`` and ``value``.

    Raises:
        ReeError: If a name is not known or a value makes no sense.
        GateFailedError: If there are several such faults, one sentence each.
    """
    faults: list[ReeError] = []
    values = dict(parameters.values)
    for name, text, place in [*_of_file(file, faults), *_of_settings(settings, faults)]:
        try:
            values[name] = _value(parameters, name, text, place)
        except ReeError as fault:
            faults.append(fault)
    raise_any(faults, "parameters")
    return replace(parameters, values=values)


@dataclass(frozen=True)
class _Place:
    file: str
    row: int | None = None

    def failure(self, problem: str, remedy: str, column: str | None = None) -> ReeError:
        return ReeError(problem, remedy, file=self.file, row=self.row, column=column if self.row else None)


def _of_settings(settings: Sequence[str], faults: list[ReeError]) -> list[tuple[str, str, _Place]]:
    found = []
    for setting in settings:
        name, separator, text = setting.partition("=")
        if separator:
            found.append((name.strip(), text.strip(), _Place("--set")))
        else:
            faults.append(ReeError(f"{setting!r} has no =", "write --set name=value", file="--set"))
    return found


def _of_file(file: Path | None, faults: list[ReeError]) -> list[tuple[str, str, _Place]]:
    if file is None:
        return []
    lines = csv.reader(read_text(file).splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(lines)]
        if missing := [name for name in _COLUMNS if name not in header]:
            raise ReeError(f"the column {missing[0]} is missing", "add it to the header", file=file, row=1)
        found = []
        for cells in lines:
            if len(cells) != len(header):
                if any(cell.strip() for cell in cells):
                    faults.append(
                        ReeError(
                            f"{len(cells)} cells are under {len(header)} column names",
                            "quote cells that hold commas",
                            file=file,
                            row=lines.line_num,
                        )
                    )
                continue
            row = dict(zip(header, map(str.strip, cells), strict=True))
            found.append((row["parameter"], row["value"], _Place(str(file), lines.line_num)))
        return found
    except csv.Error as error:
        raise ReeError(
            f"the line is not CSV ({error})", "correct its quotes", file=file, row=lines.line_num
        ) from error


def _value(parameters: Parameters, name: str, text: str, place: _Place) -> float:
    known = {one.parameter: one for one in parameters.known}
    if name not in known:
        near = ", ".join(hints(name, known))
        remedy = f"use a known one (near: {near})" if near else "use one of marts.dim_scenario_parameters"
        raise place.failure(f"the parameter {name!r} is not known", remedy, "parameter")
    one = known[name]
    try:
        value = float(text)
    except ValueError:
        raise place.failure(
            f"{text!r} is not a number, which {name} takes", "write it with a decimal point", "value"
        ) from None
    # Written so that what is not a number is refused too.
    if not one.least_value <= value <= one.greatest_value:
        raise place.failure(
            f"{name} is not from {one.least_value:g} to {one.greatest_value:g}: {text}",
            f"give it in its unit ({one.value_unit})",
            "value",
        )
    return value
