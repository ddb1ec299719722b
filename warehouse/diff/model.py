"""What a comparison of two files finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Values = tuple[Any, ...]


class DiffFormat(StrEnum):
    """How ``ree diff`` prints."""

    table = "table"
    json = "json"


@dataclass(frozen=True)
class SchemaChange:
    """A table, column, type or key that is not the same in both files.

    Attributes:
        table: Schema and table.
        change: ``table_added``, ``table_removed``, ``column_added``, ``column_removed``, ``type_changed`` or
            ``key_changed``.
        column: The column, where the change is of one.
        old: Type or key in the old file; null where there was none.
        new: Type or key in the new file; null where there is none.
    """

    table: str
    change: str
    column: str | None = None
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class CellChange:
    """A cell of a row that both files have: its key, column and both values."""

    key: Values
    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class TableDiff:
    """What changed in the rows of one table that both files have.

    Attributes:
        table: Schema and table.
        key: Primary key; empty if the table is compared as a multiset of rows.
        columns: Columns compared: those both files have and that are not left out.
        left_out: Columns both files have that are not compared.
        old_rows: Rows in the old file.
        new_rows: Rows in the new file.
        added: Rows of the new file alone, in the order of ``columns``.
        removed: Rows of the old file alone, in the order of ``columns``.
        cells: Cells that differ in rows of the same key; none where there is no key.
        rounded: How many more cells differ, by no more than rounding.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    old_rows: int
    new_rows: int
    added: list[Values]
    removed: list[Values]
    cells: list[CellChange]
    rounded: int

    @property
    def is_equal(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.cells)

    @property
    def changed_rows(self) -> int:
        """Rows of the same key with at least one cell that differs."""
        return len({cell.key for cell in self.cells})


@dataclass(frozen=True)
class CurrentRuns:
    """The current model run of each file, where they are not the same.

    Attributes:
        old: Id of the current run of the old file.
        new: Id of the current run of the new file.
        is_kept: Whether a file also holds the other's current run, as an earlier one; its rows are left out.
    """

    old: str
    new: str
    is_kept: bool


@dataclass(frozen=True)
class FileDiff:
    """What changed between two files.

    Attributes:
        schemas: Schemas compared.
        left_out_schemas: Schemas not compared.
        current_runs: The current runs, if they differ: their rows are compared with each other.
        schema_changes: Tables, columns, types and keys that are not the same.
        tables: Rows of each table that both files have.
    """

    schemas: tuple[str, ...]
    left_out_schemas: tuple[str, ...]
    current_runs: CurrentRuns | None = None
    schema_changes: list[SchemaChange] = field(default_factory=list)
    tables: list[TableDiff] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether nothing changed."""
        return not self.schema_changes and all(table.is_equal for table in self.tables)
