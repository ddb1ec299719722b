"""How the card of a project or plant looks in the terminal."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from warehouse.columns import symbol
from warehouse.file.card import Card

BAR_CELLS = 28
# Wide enough for every line, narrow enough to be read; a pipe would else stretch the frame.
_WIDTH = 110
_UNKNOWN = "not known"
_HOSTS = {
    "stated": "predicted with its host mineral, which a reference states",
    "inferred": "predicted with its host mineral, which is inferred",
    "none": "predicted without its host mineral, which is unknown",
}
_SUM_NAMES = {
    "hree": "HREE (Gd to Lu and Y)",
    "ndpr": "Nd2O3 + Pr6O11",
    "magnet": "magnet (Pr, Nd, Tb, Dy)",
}


def print_card(card: Card, console: Console) -> None:
    """Print one card: identity, what was reported or predicted, relations, findings."""
    body = _project_body(card) if card["kind"] == "project" else _plant_body(card)
    title = f"{card[card['kind'] + '_name']}  {card[card['kind'] + '_id']}"
    width = min(_WIDTH, console.width)
    console.print(Panel(Group(*body), title=Text(title, "bold"), title_align="left", width=width))


def _project_body(card: Card) -> list[RenderableType]:
    return [
        _identity(card, _project_facts(card)),
        *_section(f"Composition, {symbol('best_pct')}", [_composition(card), _origin(card)]),
        *_section("Host minerals", _minerals(card)),
        *_section("Supply chain", _chain(card)),
        *_section("Neighbours", _neighbours(card)),
        *_section("Findings", [Text(f"• {found['sentence']}") for found in card["findings"]]),
        *_section("References", _references(card)),
    ]


def _plant_body(card: Card) -> list[RenderableType]:
    return [
        _identity(card, []),
        *_section("Capacity and yield", [Text(_capacity(figure)) for figure in card["capacities"]]),
        *_section("Supply chain", _chain(card)),
        *_section("Findings", [Text(f"• {found['sentence']}") for found in card["findings"]]),
    ]


def _section(title: str, lines: list[RenderableType]) -> list[RenderableType]:
    return [Text(), Text(title, "bold cyan"), *lines] if lines else []


def _identity(card: Card, facts: list[tuple[str, str]]) -> Table:
    holders = ", ".join(_holder(holder) for holder in card["companies"])
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, text in [
        ("Holder", holders or _UNKNOWN),
        ("Place", _place(card)),
        ("Stage", _stages(card)),
        *facts,
    ]:
        grid.add_row(label, text)
    return grid


def _holder(holder: Card) -> str:
    source = holder["company_source"]
    return str(holder["company_name"]) + (
        "" if source == "as_published" else f" ({source.replace('_', ' ')})"
    )


def _place(card: Card) -> str:
    parts = [card[name] for name in ("locality", "admin1_name", "country_name") if card[name]]
    told = ", ".join(dict.fromkeys(parts)) or _UNKNOWN
    if card["location_as_published"]:
        told += f" (as published: {card['location_as_published']}"
        told += f"; precise to: {card['place_kind']})" if card["place_kind"] else ")"
    return told


def _stages(card: Card) -> str:
    return ", then ".join(_stage(stage) for stage in card["stages"]) or card["stage"] or _UNKNOWN


def _stage(stage: Card) -> str:
    years = "–".join(str(stage[name]) for name in ("effective_year", "end_year") if stage[name])
    marks = [years] if years else []
    marks += ["expected"] if stage["is_expected"] else []
    marks += ["current"] if stage["is_current"] else []
    return str(stage["stage"]) + (f" ({', '.join(marks)})" if marks else "")


def _project_facts(card: Card) -> list[tuple[str, str]]:
    kind = card["deposit_type"] or _UNKNOWN
    if card["deposit_type_as_published"] and card["deposit_type_as_published"] != kind:
        kind += f" (as published: {card['deposit_type_as_published']})"
    if card["deposit_family"]:
        kind += f", family {card['deposit_family']}"
    return [
        ("Deposit type", kind),
        ("Resource", _amount(card["resource_treo_t"], symbol("resource_treo_t"))),
        ("Grade", _amount(card["grade_treo_wt_pct"], symbol("grade_treo_wt_pct"))),
    ]


def _amount(value: float | None, unit: str) -> str:
    return _UNKNOWN if value is None else f"{value:,.10g} {unit}"


def _composition(card: Card) -> Table:
    lines = [*card["composition"], *card["sums"]]
    highest = max([line[name] or 0.0 for line in lines for name in ("best_pct", "upper_90_pct")] + [1e-9])
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("origin", no_wrap=True)
    table.add_column("model, 90 %", justify="right", no_wrap=True)
    table.add_column(f"0 to {highest:.0f} % (square-root scale)", no_wrap=True)
    origins = {"reported": "green", "predicted": "yellow", "completed": "yellow"}
    for line in lines:
        origin = line.get("value_origin") or ""
        table.add_row(
            line.get("oxide") or _SUM_NAMES.get(line["target"], line["target"]),
            f"{line['best_pct']:.2f}",
            Text(origin, origins.get(origin, "")),
            _interval(line),
            bar(line["best_pct"], line["lower_90_pct"], line["upper_90_pct"], highest),
        )
    return table


def _interval(line: Card) -> str:
    # A published share that a prediction was conditioned on has no interval.
    if line["lower_90_pct"] is None or line["lower_90_pct"] == line["upper_90_pct"]:
        return ""
    return f"{line['lower_90_pct']:.2f} to {line['upper_90_pct']:.2f}"


def bar(value: float, lower: float | None, upper: float | None, highest: float) -> str:
    """Draw a share and its interval as text of ``BAR_CELLS`` signs, from 0 to ``highest``.

    The scale is that of square roots, so that shares far below one per cent can be distinguished.
    """

    def place(share: float) -> int:
        return min(BAR_CELLS - 1, round(math.sqrt(max(share, 0.0) / highest) * (BAR_CELLS - 1)))

    signs = [" "] * BAR_CELLS
    if lower is not None and upper is not None:
        for cell in range(place(lower), place(upper) + 1):
            signs[cell] = "─"
    signs[place(value)] = "●"
    return "".join(signs)


def _origin(card: Card) -> Text:
    run = card["model_run"]
    if run is None:
        return Text("no model run in this file", "dim")
    kinds = {line["prediction_kind"] for line in card["composition"]}
    trained = f"the {run['training_rows']} measured projects"
    told = f"intervals: {run['model_name']} {run['model_run_id']}, trained on "
    told += f"other sites of {trained}" if "out_of_fold" in kinds else trained
    bases = {line["mineral_basis"] for line in card["composition"]} - {None}
    told += "".join(f"; {_HOSTS[basis]}" for basis in sorted(bases))
    if any(line["is_extrapolated"] for line in card["composition"]):
        told += (
            "; extrapolated: few or no measured projects are like this one, or its printed shares are hardly "
            "shares of TREO"
        )
    return Text(told, "dim")


def _minerals(card: Card) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for host in card["minerals"]:
        source = ", ".join(part for part in (host["evidence"], host["reference"]) if part)
        lines.append(Text.assemble(f"{host['mineral']}, {host['confidence']}", (f"  {source}", "dim")))
    return lines or [Text(_UNKNOWN, "dim")]


def _chain(card: Card) -> list[RenderableType]:
    paths = card["supply_chains"]
    lines: list[RenderableType] = []
    for chain in paths:
        remark = "  by way of its site" if chain["is_site_level"] else ""
        remark += "  last known" if chain["is_last_known"] else ""
        lines.append(Text.assemble(chain["path_names"].replace(" > ", " → "), (remark, "dim")))
    for edge in card["supply_edges"]:
        step = f"{edge['upstream_name'] or _UNKNOWN} → {edge['downstream_name'] or _UNKNOWN}"
        if any(step in chain["path_names"].replace(" > ", " → ") for chain in paths):
            continue
        remark = edge["match_method"] if edge["is_resolved"] else "unresolved"
        lines.append(Text.assemble(step, (f"  {remark}: {edge['reference_as_published']}", "dim")))
    return lines


def _neighbours(card: Card) -> list[RenderableType]:
    lines: list[RenderableType] = []
    if card["same_site"]:
        lines.append(_named("same site", [_record(other) for other in card["same_site"]]))
    if card["most_alike"]:
        told = [f"{_record(other)} {other['difference_rms_pct']:.2f}" for other in card["most_alike"]]
        whose = ""
        if not card["has_full_composition"]:
            origins = {line["value_origin"] for line in card["composition"]}
            part = "in part predicted" if "reported" in origins else "predicted"
            whose = f", by its best composition, {part}"
        lines.append(_named(f"most alike (RMS difference, % of TREO{whose})", told))
    return lines


def _record(other: Card) -> str:
    return f"{other['project_name']} [{other['project_id']}]"


def _named(label: str, texts: list[str]) -> Text:
    return Text.assemble((f"{label}: ", "dim"), ", ".join(texts))


def _capacity(figure: Card) -> str:
    low, high = figure["amount_low_t_per_year"], figure["amount_high_t_per_year"]
    if low is None:
        return f"{figure['measure']}: {figure['text_as_published']} (as published)"
    amount = f"{low:,.10g}" + (f" to {high:,.10g}" if high != low else "")
    year = f", {figure['year']}" if figure["year"] else ""
    return f"{figure['measure']}: {amount} t per year of {figure['product']}{year}"


def _references(card: Card) -> list[RenderableType]:
    cited: dict[str, list[Any]] = {}
    for reference in card["references"]:
        year = f" ({reference['reference_year']})" if reference["reference_year"] else ""
        author = reference["author_or_publisher"] or reference["reference_key"]
        title = f", {reference['title']}" if reference["title"] else ""
        cited.setdefault(reference["of_what"], []).append(f"{author}{year}{title}")
    return [_named(what, ["; ".join(works)]) for what, works in cited.items()]
