"""What a build tells when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from ml import RunSummary
    from warehouse.build.load import LoadedTable


@dataclass
class BuildSummary:
    """Figures of one finished build; ``as_dict`` is what ``--json`` prints."""

    output: Path
    loaded: list[LoadedTable]
    models: int = 0
    tests_passed: int = 0
    tests_known: int = 0
    gate_checks: int = 0
    cells: dict[str, int] = field(default_factory=dict)
    marts: int = 0
    run: RunSummary | None = None
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    step_seconds: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        values = {**vars(self), "output": str(self.output), "unchanged": False}
        values["loaded"] = [vars(table) for table in self.loaded]
        values["run"] = vars(self.run) if self.run else None
        return values


def count_cells(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count non-blank published cells: all, corrected, and those missing in the published table."""
    row = connection.execute(
        """
        with cells as (
            select * from staging.base_liu_2023__project_cells
            union all
            select * from staging.base_liu_2023__plant_cells
        )
        select
            count(*) filter (where published_text <> ''),
            count(*) filter (where correction_reason is not null),
            count(*) filter (where published_text <> '' and correction_reason is null
                and clean_text is distinct from published_text)
        from cells
        """
    ).fetchone()
    assert row is not None
    return dict(zip(("published", "corrected", "tidied"), row, strict=True))
