"""A comparison as machines read it."""

from __future__ import annotations

from datetime import date
from typing import Any

from warehouse.diff.model import FileDiff, TableDiff


def as_dict(diff: FileDiff, limit: int | None = None) -> dict[str, Any]:
    """Return the comparison for JSON: counts are of everything, lists hold the first ``limit`` of each."""
    return {
        "is_equal": diff.is_equal,
        "schemas": list(diff.schemas),
        "left_out_schemas": list(diff.left_out_schemas),
        "current_runs": diff.current_runs and {"old": diff.current_runs.old, "new": diff.current_runs.new},
        "schema_changes": [vars(change) for change in diff.schema_changes],
        "tables": [_table_as_dict(table, limit) for table in diff.tables],
    }


def _table_as_dict(table: TableDiff, limit: int | None) -> dict[str, Any]:
    def named(row: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(table.columns, map(_plain, row), strict=True))

    return {
        "table": table.table,
        "key": list(table.key),
        "columns_left_out": list(table.left_out),
        "rows_old": table.old_rows,
        "rows_new": table.new_rows,
        "rows_added": len(table.added),
        "rows_removed": len(table.removed),
        "rows_changed": table.changed_rows,
        "cells_changed": len(table.cells),
        "cells_rounded": table.rounded,
        "added": [named(row) for row in table.added[:limit]],
        "removed": [named(row) for row in table.removed[:limit]],
        "cells": [
            {
                "key": dict(zip(table.key, map(_plain, cell.key), strict=True)),
                "column": cell.column,
                "old": _plain(cell.old),
                "new": _plain(cell.new),
            }
            for cell in table.cells[:limit]
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) else str(value)
