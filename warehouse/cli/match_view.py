"""How the command line says which sites were known, which may be, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from warehouse.cli.console import err

if TYPE_CHECKING:
    from warehouse.predict.rows import Site
    from warehouse.predict.run import Predicted

_SHOWN = 20


def print_matches(made: Predicted) -> None:
    """Print to standard error a line per site that was matched or may be, warnings, and what was left out."""
    _print_some([_match_line(site) for site in made.sites if site.match.site_id or site.match.candidates])
    _print_some([_warning_line(site) for site in made.sites if site.warnings])
    if made.refused:
        lines = {fault.row for fault in made.refused}
        err.print(Text.assemble(("! ", "yellow"), f"{len(lines)} lines were left out"))
        _print_some([Text(str(fault)) for fault in made.refused])
    if made.ignored:
        err.print(Text(f"Not used: {', '.join(made.ignored)}"), soft_wrap=True)


def _match_line(site: Site) -> Text:
    match = site.match
    if match.site_id is not None and match.method is not None:
        host = f", host {site.host.mineral} ({site.host.basis})" if site.host else ""
        how = f"by {match.method.value.replace('_', ' ')}, {match.score:.0f} of 100"
        return Text.assemble(("= ", "green"), f"{site.label}: known as {match.site_id} ({how}){host}")
    may_be = "; ".join(f"{one.name} ({one.site_id}: {one.reason})" for one in match.candidates)
    return Text.assemble(("? ", "yellow"), f"{site.label}: predicted as a new site; may be {may_be}")


def _warning_line(site: Site) -> Text:
    return Text.assemble(("! ", "yellow"), f"line {site.line}, {site.label}: {'; '.join(site.warnings)}")


def _print_some(lines: list[Text]) -> None:
    for line in lines[:_SHOWN]:
        err.print(line, soft_wrap=True)
    if len(lines) > _SHOWN:
        err.print(f"  and {len(lines) - _SHOWN} more")
