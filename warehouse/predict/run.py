"""From a file of sites to a file of predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import ml
from ml import OXIDES
from warehouse.errors import ReeError
from warehouse.file.query import connect
from warehouse.predict.faults import Faults
from warehouse.predict.names import Names, read_names
from warehouse.predict.rows import Site, method_of, resolve
from warehouse.predict.table import read_table
from warehouse.writing import refuse_unwritable, write_text


@dataclass(frozen=True)
class Predicted:
    """What a call of `predict_file` came to.

    Attributes:
        sites: The sites predicted, in the order of the file.
        refused: One failure per line or cell that was left out, empty unless leaving out was asked for.
        ignored: Headers left aside.
    """

    sites: list[Site]
    refused: list[ReeError]
    ignored: list[str]


def predict_file(
    sites: Path,
    output: Path,
    published: Path,
    *,
    mapped: Mapping[str, str] | None = None,
    leave_out_faulty: bool = False,
    draws: int = 0,
) -> Predicted:
    """Predict the sites of a CSV file and write one row per site and oxide, or per site, oxide and draw.

    Args:
        sites: Input, UTF-8 with a header.
        output: CSV to write, replaced in one step; ``-`` is the standard output.
        published: The published file whose current run predicts.
        mapped: Header of the input by column, where it has other headers.
        leave_out_faulty: Whether lines that cannot be used are left out, instead of refusing the file.
        draws: Whole compositions to write for each site, instead of a prediction with intervals; 0 for none.

    Returns:
        Which sites were predicted, how each was matched, and what was left out.

    Raises:
        ReeError: If a cell cannot be used, naming line and column of each, the file has no usable run, or the
            output cannot be written.
    """
    refuse_unwritable(output)
    with connect(published) as connection:
        names = read_names(connection)
    found = read_sites(sites, names, mapped=mapped, leave_out_faulty=leave_out_faulty)
    frame = pd.DataFrame([site.values for site in found.sites])
    try:
        if draws:
            table = _with_names(ml.draw_sites(published, frame, draws), found.sites)
        else:
            table = _with_matches(ml.predict_sites(published, frame), found.sites)
    except ml.PipelineError as error:
        raise ReeError(str(error).rstrip("."), "run `make build`", file=published) from error
    write_text(output, table.to_csv(index=False, float_format="%.9f"))
    return found


def read_sites(
    path: Path,
    names: Names,
    *,
    mapped: Mapping[str, str] | None = None,
    leave_out_faulty: bool = False,
) -> Predicted:
    """Read and resolve the sites of a file.

    Raises:
        ReeError: If the header or a cell cannot be used; of several cells each is named.
    """
    faults = Faults(path)
    table = read_table(path, mapped or {}, faults)
    if not table.lines and not faults.found:
        raise ReeError("there is no site below the header", "add one line per site", file=path)
    sites = resolve(table, names, faults)
    if not leave_out_faulty or not sites:
        faults.refuse()
    return Predicted(sites, sorted(faults.found, key=lambda fault: fault.row or 0), table.ignored)


def _with_names(drawn: pd.DataFrame, sites: list[Site]) -> pd.DataFrame:
    """Put beside each draw which site it is of."""
    of_site = pd.DataFrame(
        {
            "site": [site.label for site in sites],
            "line": [site.line for site in sites],
            "matched_site": [site.match.site_id for site in sites],
        }
    )
    return drawn.join(of_site, on="row")[["site", "oxide", "draw", "share_pct", "matched_site", "line"]]


def _with_matches(predicted: pd.DataFrame, sites: list[Site]) -> pd.DataFrame:
    """Put beside each prediction which site it is of, how that was found, and what to beware of."""
    of_site = pd.DataFrame(
        {
            "site": [site.label for site in sites],
            "line": [site.line for site in sites],
            "host_basis": [site.host.basis if site.host else None for site in sites],
            "matched_site": [site.match.site_id for site in sites],
            "match_method": [method_of(site.match) for site in sites],
            "match_score": [site.match.score for site in sites],
            "match_candidates": [
                "; ".join(f"{c.name} ({c.reason})" for c in site.match.candidates) or None for site in sites
            ],
            "warnings": ["; ".join(site.warnings) or None for site in sites],
        }
    )
    assert len(predicted) == len(sites) * len(OXIDES)
    table = predicted.join(of_site, on="row")
    is_labelled = (table["mineral_basis"] == "given") & table["host_basis"].notna()
    table["mineral_basis"] = table["mineral_basis"].mask(is_labelled, table["host_basis"])
    first = ["site", "oxide"]
    others = [name for name in table.columns if name not in (*first, "row", "host_basis", "line")]
    return table[[*first, *others, "line"]]
