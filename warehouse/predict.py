"""``ree predict``: sites of a user's own, read strictly, resolved by the warehouse's own mappings."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

import ml
from ml import OXIDES, TOTAL_PCT
from warehouse.errors import ReeError
from warehouse.file.likeness import hints, plain
from warehouse.file.query import connect
from warehouse.sources.delimited import read_text
from warehouse.writing import write_text

REQUIRED = ("site", "deposit_type")
AMOUNTS = ("grade_treo_wt_pct", "resource_treo_t")
OPTIONAL = ("company", "location", "minerals", *AMOUNTS, *OXIDES)

SUM_TOLERANCE_PCT = 0.5
"""Known shares may sum to this much over 100, as rounded ones do."""


@dataclass(frozen=True)
class _Names:
    """What the published file calls things, by normalised spelling."""

    deposit_types: dict[str, tuple[str | None, bool]]  # family and whether tailings
    spellings: dict[str, str]  # normalised to readable
    minerals: dict[str, tuple[str, str]]  # mineral and its group
    sites: dict[str, str]
    holdings: dict[tuple[str, str], str]  # company and location to site


def predict_file(sites: Path, output: Path, published: Path) -> int:
    """Predict the sites of a CSV file and write one row per site and oxide.

    Args:
        sites: Input, UTF-8 with a header.
        output: CSV to write, replaced in one step; ``-`` is the standard output.
        published: The published file whose current run predicts.

    Returns:
        How many sites were predicted.

    Raises:
        ReeError: If a cell cannot be used, naming line and column, the file has no usable run, or the output
            cannot be written.
    """
    with connect(published) as connection:
        names = _read_names(connection)
    labels, frame = read_sites(sites, names)
    try:
        predicted = ml.predict_sites(f"duckdb:///{published}", frame)
    except ml.PipelineError as error:
        raise ReeError(str(error).rstrip("."), "run `make build`", file=published) from error
    predicted.insert(0, "site", [labels[row] for row in predicted.pop("row")])
    write_text(output, predicted.to_csv(index=False, float_format="%.9f"))
    return len(labels)


def read_sites(path: Path, names: _Names) -> tuple[list[str], pd.DataFrame]:
    """Read and check the input; raises ReeError on the first cell that cannot be used.

    Returns:
        The sites' names as given, and the columns that `ml.predict_sites` takes.
    """
    lines = csv.reader(read_text(path).splitlines(keepends=True), strict=True)
    try:
        header = [cell.strip() for cell in next(lines)]
        _check_header(path, header)
        labels: list[str] = []
        rows: list[dict[str, object]] = []
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ReeError(
                    f"{len(cells)} cells are under {len(header)} column names",
                    "quote cells that hold commas",
                    file=path,
                    row=lines.line_num,
                )
            row = _Row(path, lines.line_num, dict(zip(header, map(str.strip, cells), strict=True)))
            labels.append(row.required("site"))
            rows.append(row.resolved(names))
    except csv.Error as error:
        raise ReeError(
            f"the line is not CSV ({error})", "correct its quotes", file=path, row=lines.line_num
        ) from error
    if not rows:
        raise ReeError("there is no site below the header", "add one line per site", file=path)
    return labels, pd.DataFrame(rows)


def _check_header(path: Path, header: list[str]) -> None:
    for name in REQUIRED:
        if name not in header:
            raise ReeError(f"the column {name} is missing", "add it to the header", file=path, row=1)
    for name in header:
        if name not in REQUIRED + OPTIONAL:
            raise ReeError(
                "the column is not one that predictions use",
                f"rename it{_near(name, REQUIRED + OPTIONAL)} or leave it out",
                file=path,
                row=1,
                column=name,
            )
        if header.count(name) > 1:
            raise ReeError("the column is duplicated", "leave one", file=path, row=1, column=name)


@dataclass(frozen=True)
class _Row:
    path: Path
    line: int
    cells: dict[str, str]

    def required(self, column: str) -> str:
        text = self.cells[column]
        if not text:
            raise self._failure("the cell is blank", "fill it in", column)
        return text

    def number(self, column: str, high: float) -> float | None:
        """Read a number from 0 to `high`, None where blank."""
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self._failure(
                f"{text!r} is not a number", "write it with a decimal point, or leave it blank", column
            ) from None
        if not 0.0 <= value <= high:
            raise self._failure(f"{text} is not from 0 to {high:g}", "correct the number or its unit", column)
        return value

    def resolved(self, names: _Names) -> dict[str, object]:
        family, is_tailings = self._deposit_type(names)
        shares = {oxide: self.number(oxide, TOTAL_PCT) for oxide in OXIDES}
        total = sum(share for share in shares.values() if share is not None)
        if total > TOTAL_PCT + SUM_TOLERANCE_PCT:
            raise self._failure(f"the known shares sum to {total:g}", "give per cent of TREO", None)
        return {
            "site_id": self._site_id(names),
            "deposit_family": family,
            "is_tailings": is_tailings,
            "grade_treo_wt_pct": self.number("grade_treo_wt_pct", 100.0),
            "resource_treo_t": self.number("resource_treo_t", float("inf")),
            **self._principal_host(names),
            **shares,
        }

    def _principal_host(self, names: _Names) -> dict[str, str | None]:
        """Resolve all minerals named, and keep the first: the list is in order of importance."""
        hosts = []
        for text in filter(None, map(str.strip, self.cells.get("minerals", "").split(";"))):
            found = names.minerals.get(plain(text))
            if found is None:
                known = _known(
                    text, (mineral for mineral, _ in names.minerals.values()), "marts.dim_minerals"
                )
                raise self._failure(
                    f"the mineral {text!r} is not known",
                    f"{known} or leave it out",
                    "minerals",
                )
            hosts.append(found)
        mineral, group = hosts[0] if hosts else (None, None)
        return {"host_mineral": mineral, "host_group": group}

    def _deposit_type(self, names: _Names) -> tuple[str | None, bool]:
        text = self.required("deposit_type")
        found = names.deposit_types.get(plain(text))
        if found is None:
            known = _known(text, names.spellings.values(), "marts.dim_deposit_types")
            raise self._failure(f"the deposit type {text!r} is not known", known, "deposit_type")
        return found

    def _site_id(self, names: _Names) -> str | None:
        known = names.sites.get(plain(self.cells["site"]))
        holding = (plain(self.cells.get("company", "")), plain(self.cells.get("location", "")))
        return known or (names.holdings.get(holding) if all(holding) else None)

    def _failure(self, problem: str, remedy: str, column: str | None) -> ReeError:
        return ReeError(problem, remedy, file=self.path, row=self.line, column=column)


def _read_names(connection: duckdb.DuckDBPyConnection) -> _Names:
    types: dict[str, tuple[str | None, bool]] = {}
    spellings: dict[str, str] = {}
    for spelling, family, is_tailings in connection.execute(
        """
        select deposit_type, deposit_family, is_tailings from marts.dim_deposit_types
        union all
        select deposit_type_id, deposit_family, is_tailings from marts.dim_deposit_types
        union all
        select projects.deposit_type_as_published, types.deposit_family, types.is_tailings
        from marts.dim_projects as projects
        inner join marts.dim_deposit_types as types using (deposit_type_id)
        order by 1
        """
    ).fetchall():
        if spelling is not None:
            types.setdefault(plain(spelling), (family, bool(is_tailings)))
            spellings.setdefault(plain(spelling), spelling)
    sites: dict[str, str] = {}
    for name, site in _pairs(
        connection,
        """
        select site_name, site_id from marts.dim_projects
        union all
        select project_name, site_id from marts.dim_projects
        union all
        select site_id, site_id from marts.dim_projects
        """,
    ):
        sites.setdefault(plain(name), site)
    holdings = _unique_holdings(connection)
    return _Names(types, spellings, _read_minerals(connection), sites, holdings)


def _read_minerals(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Read every name of every mineral; a plain name wins over a spelling of another mineral."""
    rows = connection.execute(
        "select mineral, mineral_group, ima_name, spellings from marts.dim_minerals order by mineral"
    ).fetchall()
    known = {plain(mineral): (mineral, group) for mineral, group, _, _ in rows}
    for mineral, group, ima_name, spellings in rows:
        for spelling in (ima_name or "", *(spellings or "").split(";")):
            known.setdefault(plain(spelling), (mineral, group))
    known.pop("", None)
    return known


def _pairs(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, str]]:
    return [(name, site) for name, site in connection.execute(sql).fetchall() if name and site]


def _unique_holdings(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Company and location that together belong to one known site only."""
    found: dict[tuple[str, str], set[str]] = {}
    for company, location, site in connection.execute(
        """
        select companies.company_name, locations.location_as_published, projects.site_id
        from marts.dim_projects as projects
        inner join marts.dim_companies as companies using (company_id)
        inner join marts.dim_locations as locations using (location_id)
        where projects.site_id is not null
        """
    ).fetchall():
        found.setdefault((plain(company), plain(location)), set()).add(site)
    return {holding: next(iter(sites)) for holding, sites in found.items() if len(sites) == 1}


def _known(text: str, known: Iterable[str], table: str) -> str:
    """Return what to do about a name that is not known."""
    return f"use a known one{near}" if (near := _near(text, known)) else f"use one that {table} lists"


def _near(text: str, known: Iterable[str]) -> str:
    """Return a remark with the names that come near, nothing if none does."""
    found = hints(text, sorted(set(known)))
    return f" (near: {', '.join(found)})" if found else ""
