"""How DuckDB's types are called in a Data Package."""

from __future__ import annotations

from warehouse.errors import ReeError
from warehouse.file.catalogue import Column, Table, is_fraction, is_number

_FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def field_type(table: Table, column: Column) -> str:
    """Return the Table Schema type of a column.

    Raises:
        ReeError: If a CSV has no form for the column's type.
    """
    if is_number(column.data_type):
        return "number" if is_fraction(column.data_type) else "integer"
    try:
        return _FIELD_TYPES[column.data_type]
    except KeyError:
        raise ReeError(
            f"a {column.data_type} cannot be written as CSV",
            "give the column a simple type, or leave its schema out with --schema",
            file=table.full_name,
            column=column.name,
        ) from None
