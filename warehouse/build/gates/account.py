"""What the account of the cells says when it does not hold."""

from __future__ import annotations

import duckdb

_SHOWN = 10


def lost_cells(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each of the first lost cells of ``quality.cell_fates``, and one for the rest.

    A build that did not come as far as that table has none.
    """
    try:
        rows = connection.execute(
            "select loss from quality.cell_fates where fate = 'lost' order by table_name, column_name, loss"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    sentences = [f"The cell {loss}" for (loss,) in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        sentences.append(f"{len(rows) - _SHOWN} more cells are lost; quality.cell_fates names each.")
    return sentences
