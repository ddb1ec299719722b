"""The cells of one site, checked and resolved into what the models take."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from ml import OXIDES, TOTAL_PCT
from warehouse.file.likeness import hints, plain
from warehouse.predict.faults import Faults
from warehouse.predict.names import Host, Names
from warehouse.predict.sites import Asked, Match, MatchMethod
from warehouse.predict.table import Line, SiteTable

SUM_TOLERANCE_PCT = 0.5
"""Known shares may sum to this much over 100, as rounded ones do."""

FRACTIONS_SUM = 1.1
"""Shares of the light oxides that together are less than this are fractions of one, not per cent."""

REFUSED_TIMES = 1.5
"""A figure this many times over the highest of any family is one of another unit."""

_LIGHT = ("La2O3", "Ce2O3", "Nd2O3")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_FIGURES = {"grade_treo_wt_pct": "grade", "resource_treo_t": "resource"}
_OTHER_UNIT = {
    "grade_treo_wt_pct": "give per cent of the ore by weight; 10,000 ppm are 1 %",
    "resource_treo_t": "give tonnes of oxide, not of ore",
}


@dataclass
class Site:
    """One site, ready for the models.

    Attributes:
        label: Name as written.
        line: Line of the file.
        values: The columns that `ml.predict_sites` takes.
        match: Which site of the warehouse it is.
        host: Its principal host, None where unknown.
        warnings: What a reader should know, a sentence fragment each.
    """

    label: str
    line: int
    values: dict[str, object]
    match: Match
    host: Host | None
    warnings: list[str] = field(default_factory=list)


def resolve(table: SiteTable, names: Names, faults: Faults) -> list[Site]:
    """Resolve every line of a table; a line with a fault is left out and its faults are noted."""
    seen: dict[str, int] = {}
    sites = []
    for line in table.lines:
        before = len(faults.found)
        site = _Row(table, line, names, faults).site()
        if site is not None and len(faults.found) == before:
            if (first := seen.setdefault(site.label, line.number)) != line.number:
                site.warnings.append(f"line {first} has the same name")
            sites.append(site)
    return sites


@dataclass
class _Row:
    table: SiteTable
    line: Line
    names: Names
    faults: Faults
    warnings: list[str] = field(default_factory=list)

    def site(self) -> Site | None:
        label, family = self._required("site"), self._deposit_type()
        figures = {column: self._figure(column, family and family[0]) for column in _FIGURES}
        shares = self._shares()
        match = self._match(label or "")
        host = self._host(match)
        if label is None or family is None:
            return None
        values: dict[str, object] = {
            "site_id": match.site_id,
            "deposit_family": family[0],
            "is_tailings": family[1],
            **figures,
            "host_mineral": host.mineral if host else None,
            "host_group": host.group if host else None,
            **shares,
        }
        return Site(label, self.line.number, values, match, host, self.warnings)

    def _cell(self, column: str) -> str:
        return self.line.cells.get(column, "")

    def _fault(self, problem: str, remedy: str, column: str | None = None) -> None:
        self.faults.add(problem, remedy, self.line.number, column)

    def _required(self, column: str) -> str | None:
        if text := self._cell(column):
            return text
        self._fault("the cell is blank", "fill it in", column)
        return None

    def _number(self, column: str, high: float = math.inf) -> float | None:
        """Read a finite number from 0 to `high`, None where blank or faulty."""
        text = self._cell(column)
        if not text:
            return None
        read = text.replace(",", ".") if self.table.decimal_comma and text.count(",") == 1 else text
        if not _NUMBER.fullmatch(read):
            self._fault(
                f"{text!r} is not a number",
                "write digits with a decimal point and nothing between thousands, or leave it blank",
                column,
            )
            return None
        value = float(read)
        if not 0.0 <= value <= high or math.isinf(value):
            limit = f"from 0 to {high:g}" if math.isfinite(high) else "a finite number from 0"
            self._fault(f"{text} is not {limit}", "correct the number or its unit", column)
            return None
        return value

    def _figure(self, column: str, family: str | None) -> float | None:
        """Read a grade or resource; refuse one that no deposit has, warn of one unlike its family."""
        value, kind = self._number(column), _FIGURES[column]
        if value is None:
            return None
        of_kind = {of: bounds for (of, named), bounds in self.names.bounds.items() if named == kind}
        highest = max((bounds.high for bounds in of_kind.values()), default=math.inf)
        if value > REFUSED_TIMES * highest:
            problem = f"{self._cell(column)} is over what any deposit has (about {highest:,g})"
            self._fault(problem, _OTHER_UNIT[column], column)
            return None
        bounds = of_kind.get(family or "")
        if bounds and not bounds.low <= value <= bounds.high:
            usual = f"{bounds.low:,g} to {bounds.high:,g}"
            self.warnings.append(f"the {kind} {value:,g} is not within {usual}, as {family} deposits have")
        return value

    def _shares(self) -> dict[str, float | None]:
        shares = {oxide: self._number(oxide, TOTAL_PCT) for oxide in OXIDES}
        given = [share for share in shares.values() if share is not None]
        total = sum(given)
        light = [shares[oxide] for oxide in _LIGHT]
        if total > TOTAL_PCT + SUM_TOLERANCE_PCT:
            self._fault(f"the known shares sum to {total:g}", "give per cent of TREO")
        elif len(given) > 1 and total == 0:
            self._fault("all known shares are 0", "leave blank what is not known")
        elif None not in light and 0 < total < FRACTIONS_SUM:
            self._fault(f"the known shares sum to {total:g}, as fractions of one do", "give per cent of TREO")
        elif len(given) == len(OXIDES) and abs(total - TOTAL_PCT) > SUM_TOLERANCE_PCT:
            self.warnings.append(f"the 15 shares sum to {total:g} and are scaled to 100")
        return shares

    def _deposit_type(self) -> tuple[str | None, bool] | None:
        text = self._required("deposit_type")
        if text is None:
            return None
        found = self.names.deposit_types.get(plain(text))
        if found is None and plain(text) in self.names.uncovered:
            problem = f"no project that was learned from is of the kind {text!r}"
            self._fault(problem, "leave the site out", "deposit_type")
        elif found is None:
            known = _known(text, list(self.names.spellings.values()), "marts.dim_deposit_types")
            self._fault(f"the deposit type {text!r} is not known", known, "deposit_type")
        return found

    def _match(self, label: str) -> Match:
        location = self._cell("location")
        place = self.names.gazetteer.find(location)
        return self.names.sites.find(Asked(label, self._cell("company"), location, place))

    def _host(self, match: Match) -> Host | None:
        """Return the first mineral named: the list is in order of importance. Else the site's own host."""
        hosts = []
        for text in filter(None, map(str.strip, self._cell("minerals").split(";"))):
            found = self.names.minerals.get(plain(text))
            if found is None:
                minerals = sorted({mineral for mineral, _ in self.names.minerals.values()})
                known = _known(text, minerals, "marts.dim_minerals")
                self._fault(f"the mineral {text!r} is not known", f"{known} or leave it out", "minerals")
            else:
                hosts.append(Host(*found, basis="given"))
        if hosts:
            return hosts[0]
        return self.names.hosts.get(match.site_id or "")


def method_of(match: Match) -> str | None:
    """Return the name of the method, None where no site was used."""
    return match.method.value if isinstance(match.method, MatchMethod) else None


def _known(text: str, known: list[str], table: str) -> str:
    """Return what to do about a name that is not known."""
    near = hints(text, sorted(set(known)))
    return f"use a known one (near: {', '.join(near)})" if near else f"use one that {table} lists"
