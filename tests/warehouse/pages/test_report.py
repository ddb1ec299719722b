"""The report: what its page holds, and what its parts compute."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.terminal import ree
from warehouse.build.run import BuildSummary
from warehouse.errors import ReeError
from warehouse.pages.report.charts.basket import contained
from warehouse.pages.report.charts.patterns import pattern_notes, pattern_rows
from warehouse.pages.report.charts.world import located_edges
from warehouse.pages.report.data import ReportData, read_report_data
from warehouse.pages.report.outlines import Outlines, read_outlines
from warehouse.pages.report.page import format_number, write_report
from warehouse.pages.report.places import AREA, EXACT, PLACE, place_records
from warehouse.pages.report.style import FAMILY_MARKS, STAGE_SHAPES
from warehouse.paths import SOURCES_DIR
from warehouse.sources.contract import load_package

pytestmark = pytest.mark.slow("the report's numbers are those of the file")

LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background"}


class Page(HTMLParser):
    """Tables by id, as lists of cells (text, data-value), and every attribute that may load something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[tuple[str, str | None]]]] = {}
        self.loads: list[tuple[str, str, str | None]] = []
        self.ids: list[str] = []
        self.tags: Counter[str] = Counter()
        self._rows: list[list[tuple[str, str | None]]] | None = None
        self._cell: list[str] | None = None
        self._value: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.tags[tag] += 1
        self.ids += [found["id"]] if found.get("id") else []
        self.loads += [(tag, name, found[name]) for name in found if name in LOADING or name == "href"]
        if tag == "table":
            self._rows = self.tables.setdefault(str(found.get("id")), [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th") and self._rows is not None:
            self._cell, self._value = [], found.get("data-value")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None and self._rows is not None:
            self._rows[-1].append(("".join(self._cell).strip(), self._value))
            self._cell = None
        elif tag == "table":
            self._rows = None

    def rows(self, key: str) -> list[list[str | float | None]]:
        """Body of a table: numbers by their exact value, texts as they are."""
        return [
            [text if value is None else float(value) if value else None for text, value in row]
            for row in self.tables[key][1:]
        ]


@pytest.fixture(scope="module")
def report(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(built.output, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def page(report: Path) -> Page:
    return Page(report.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def data(built: BuildSummary) -> ReportData:
    return read_report_data(built.output)


@pytest.fixture(scope="module")
def outlines() -> Outlines:
    return read_outlines()


def test_the_page_is_one_file_that_loads_nothing(report: Path, page: Page) -> None:
    html = report.read_text(encoding="utf-8")
    styles = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))

    assert [entry.name for entry in report.parent.iterdir()] == ["index.html"]
    assert report.stat().st_size < 6_000_000
    assert page.loads
    assert all(value.startswith(("#", "data:")) for _, _, value in page.loads if value), page.loads
    assert "display" in styles
    assert not re.search(r"@import|url\(", styles)
    assert "default-src 'none'" in html
    assert html.count("window.vegaEmbed") == html.count("window.vegaEmbed(") + 1


def test_identifiers_are_unique_and_every_inner_link_has_a_target(page: Page) -> None:
    targets = {
        str(value)[1:] for _, name, value in page.loads if name == "href" and str(value).startswith("#")
    }

    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    assert {"world", "patterns", "main"} <= targets <= set(page.ids)


@pytest.mark.parametrize(
    ("key", "sql"),
    [
        (
            "continents-table",
            "select continent, projects from marts.rpt_projects_by_continent "
            "order by projects desc, continent",
        ),
        (
            "hree-table",
            "select continent, deposit_type, projects, reference_printed_value, hree_pct_mean "
            "from marts.rpt_hree_by_continent_deposit_type order by deposit_type, continent",
        ),
        (
            "accounting-table",
            "select table_name, column_name, cells_published, cells_carried_as_printed, cells_changed, "
            "cells_rejected, cells_lost, cells_unknown, cells_blank, cells_in_rejected_rows, blanks_filled "
            "from quality.cell_accounting "
            "order by source, table_name desc, cells_changed desc, column_name",
        ),
        (
            "projects-table",
            "select project_name, coalesce(company_name, ''), coalesce(country_name, 'not stated'), "
            "replace(replace(coalesce(deposit_family, 'unknown'), '_', ' '), 'iocg', 'IOCG'), "
            "coalesce(stage, 'not stated'), resource_treo_t / 1e3, grade_treo_wt_pct, "
            "case when share_basis <> 'other' then hree_pct end, "
            "case when share_basis <> 'other' then ndpr_pct end, "
            "case when share_basis <> 'other' then magnet_pct end, "
            "case (select count(share_of_treo_pct) from marts.fct_compositions as c "
            "where c.project_id = p.project_id and is_chosen) when 15 then 'published' "
            "when 0 then 'predicted' else 'partly predicted' end from marts.dim_projects as p "
            "inner join marts.composition_best_wide using (project_id) "
            "inner join marts.dim_locations using (location_id) "
            "left join marts.dim_deposit_types using (deposit_type_id) "
            "left join marts.dim_companies using (company_id) order by project_name, project_id",
        ),
    ],
)
def test_tables_hold_what_the_file_answers(
    page: Page, warehouse: duckdb.DuckDBPyConnection, key: str, sql: str
) -> None:
    answered = [list(row) for row in warehouse.execute(sql).fetchall()]
    shown = page.rows(key)

    assert len(shown) == len(answered) > 5
    for got, expected in zip(shown, answered, strict=True):
        assert [cell if isinstance(cell, float) else cell or None for cell in got] == pytest.approx(
            [float(cell) if isinstance(cell, (int, float)) else cell or None for cell in expected],
            nan_ok=True,
        )


def test_the_map_has_a_dot_for_each_other_deposit_with_a_point(
    report: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    expected = warehouse.execute(
        "select site_name, longitude_deg, latitude_deg from marts.dim_sites "
        "where projects = 0 and coordinate_precision in ('deposit', 'district', 'locality') order by all"
    ).fetchall()
    html = report.read_text(encoding="utf-8")
    found = re.search(r'class="spec" data-figure="world">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    spec = json.loads(found[1])
    [layer] = [layer for layer in spec["layer"] if layer.get("name") == "sites"]
    dots = spec["datasets"][layer["data"]["name"]]

    drawn = sorted((dot["name"], dot["longitude_deg"], dot["latitude_deg"]) for dot in dots)
    assert [dot[0] for dot in drawn] == [dot[0] for dot in expected]
    assert np.array([dot[1:] for dot in drawn]) == pytest.approx(
        np.array([dot[1:] for dot in expected]), abs=0.0051
    )
    assert f"The {len(expected)} small grey dots are deposits of other sources" in html


def test_the_headline_errors_are_on_the_page(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    answered = warehouse.execute(
        "select of_what, projects, sites, error_pct, error_standard_error_pct, training_mean_error_pct "
        "from marts.rpt_headline_errors order by headline_place"
    ).fetchall()

    assert [tuple(row[:6]) for row in page.rows("headline-table")] == answered
    assert len(answered) > 10


def test_the_league_holds_the_current_run_in_order(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    answered = warehouse.execute(
        "select replace(m.model_name, '_', ' '), m.value, m.standard_error, d.value, d.standard_error "
        "from marts.fct_model_metrics as m inner join marts.dim_model_runs as r using (model_run_id) "
        "left join marts.fct_model_metrics as d on d.model_run_id = m.model_run_id "
        "and d.model_name = m.model_name and d.protocol = m.protocol and d.stratum_kind = 'all' "
        "and d.compared_model_name = r.model_name and d.compared_protocol = m.protocol "
        "where r.is_current and m.protocol = 'grouped_cv' and m.metric = 'rmse_pct' and m.target = 'all' "
        "and m.stratum_kind = 'all' order by m.value"
    ).fetchall()

    assert [tuple(row[:5]) for row in page.rows("league-table")] == answered
    assert len(answered) == 12


@pytest.mark.parametrize(
    ("key", "condition"),
    [
        ("calibration-family-table", "stratum_kind = 'family'"),
        ("calibration-oxide-table", "stratum_kind = 'all'"),
    ],
)
def test_coverage_is_that_of_the_published_intervals(
    page: Page, warehouse: duckdb.DuckDBPyConnection, key: str, condition: str
) -> None:
    answered = warehouse.execute(
        "select interval_level, round(100 * value, 9), round(100 * m.standard_error, 9) "
        "from marts.fct_model_metrics as m inner join marts.dim_model_runs using (model_run_id, model_name) "
        "where is_current and metric = 'coverage' and protocol = 'published_intervals' "
        f"and (stratum_kind = 'all' or target = 'all') and {condition}"
    ).fetchall()
    shown = [
        tuple(None if cell is None else round(float(cell), 9) for cell in row[1:]) for row in page.rows(key)
    ]

    assert Counter(shown) == Counter(answered)
    assert len(answered) > 10


def test_every_finding_and_every_check_is_on_the_page(
    page: Page, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for key, table, column in (("findings-table", "findings", 1), ("checks-table", "check_results", 1)):
        name = "sentence" if table == "findings" else '"check"'
        answered = [
            text.strip() for (text,) in warehouse.execute(f"select {name} from quality.{table}").fetchall()
        ]
        assert Counter(row[column] for row in page.rows(key)) == Counter(answered)


def test_predicted_shares_are_marked_and_published_ones_are_not(
    page: Page, warehouse: duckdb.DuckDBPyConnection
) -> None:
    cells = [cell for row in page.rows("compositions-table") for cell in row[2:]]
    marks = Counter(str(cell)[-1] if str(cell)[-1] in "†?‡" else "" for cell in cells)
    answered = dict(
        warehouse.execute(
            "select case when value_status = 'zero_suspect' then '?' when is_imputed_zero then '‡' "
            "when value_origin = 'reported' then '' else '†' end, count(*) "
            "from marts.composition_best group by all"
        ).fetchall()
    )

    assert marks == answered
    assert len(answered) == 4


def test_patterns_agree_with_the_ratios_of_the_warehouse(data: ReportData) -> None:
    rows = pattern_rows(data.compositions, data.projects)
    ratios = rows.pivot(index="id", columns="element", values="ratio")
    expected = data.geochemistry.set_index("project_id")["la_yb_n"].dropna()

    assert len(expected) > 50
    assert (ratios["La"] / ratios["Yb"]).loc[expected.index].to_numpy() == pytest.approx(expected.to_numpy())
    predicted = rows[rows["origin"] == "predicted"].dropna(subset=["ratio"])
    assert (predicted["lower_90_ratio"] <= predicted["ratio"]).all()
    assert (predicted["ratio"] <= predicted["upper_90_ratio"]).all()
    assert rows.loc[rows["origin"] == "published", "lower_90_ratio"].isna().all()


def test_notes_tell_of_ratios_extrapolation_and_mineral_basis(data: ReportData) -> None:
    measured = data.geochemistry.dropna().iloc[0]
    extrapolated = data.projects[data.projects["is_extrapolated"]]
    notes = pattern_notes(data.compositions, data.projects, data.geochemistry)
    basis = data.compositions.assign(
        mineral_basis=data.compositions["value_origin"].map({"predicted": "inferred"})
    )
    with_basis = pattern_notes(basis, data.projects, data.geochemistry)

    assert f"Eu/Eu* {measured['eu_anomaly']:.3g}" in notes[measured["project_id"]]
    assert len(extrapolated) > 0
    assert {key for key, note in notes.items() if "do not rely on its intervals" in note} == set(
        extrapolated["id"]
    )
    assert sum("rests on: inferred" in note for note in with_basis.values()) > 50


def test_the_basket_is_resource_times_share_with_predictions_apart(
    data: ReportData, warehouse: duckdb.DuckDBPyConnection
) -> None:
    placed = place_records(data.projects, data.locations)
    amounts = contained(data.compositions, placed)
    got = amounts.groupby(["measure", "origin"])["contained_t"].sum()
    for measure, oxides in {
        "ndpr": ("Nd2O3", "Pr6O11"),
        "tbdy": ("Tb4O7", "Dy2O3"),
        "magnet": ("Nd2O3", "Pr6O11", "Tb4O7", "Dy2O3"),
    }.items():
        for origin, tonnes in warehouse.execute(
            "select case value_origin when 'reported' then 'published' else 'predicted' end, "
            "sum(resource_treo_t * closed_pct / 100) from marts.composition_best "
            "inner join marts.dim_projects using (project_id) where share_basis <> 'other' "
            "and list_contains(?, oxide) group by 1",
            [list(oxides)],
        ).fetchall():
            assert got[measure, origin] == pytest.approx(tonnes)


def test_the_values_drawn_are_those_of_the_mart(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    shown = page.rows("ore-value-table")
    values = warehouse.execute(
        "select subject_name, ore_value_usd_per_t, ore_value_lower_90_usd_per_t from marts.fct_site_values "
        "where project_id is not null and grade_treo_wt_pct is not null and unvalued_reason is null"
    ).fetchall()
    assert sorted((row[0], row[2]) for row in shown) == sorted((name, value) for name, value, _ in values)
    assert sum(row[3] is not None for row in shown) == sum(lower is not None for *_, lower in values) > 5


def _locations(country: str | None) -> pd.DataFrame:
    return pd.DataFrame([{"location_id": "l", "country_name": "Australia", "country_iso3": country}])


def _records(count: int, longitude_deg: float | None, precision: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"p{number}" for number in range(count)],
            "location_id": "l",
            "longitude_deg": longitude_deg,
            "latitude_deg": longitude_deg,
            "coordinate_precision": precision,
        }
    )


def test_a_mark_says_what_its_point_is_of() -> None:
    kinds = {
        precision: place_records(_records(1, 10.0, precision), _locations("AUS"))["point"].iloc[0]
        for precision in ("deposit", "district", "locality", "admin1", "country", "area")
    }
    nowhere = place_records(_records(1, None, "unknown"), _locations(None)).iloc[0]

    assert kinds == {
        "deposit": EXACT,
        "district": EXACT,
        "locality": PLACE,
        "admin1": AREA,
        "country": AREA,
        "area": AREA,
    }
    assert pd.isna(nowhere["point"])


def test_the_first_mark_is_at_its_point_and_those_that_share_it_keep_their_distance() -> None:
    records = pd.concat([_records(60, 10.0, "district"), _records(1, 11.0, "deposit").assign(id="other")])
    placed = place_records(records, _locations("AUS"))
    fans = placed[["fan_east_px", "fan_north_px"]].to_numpy(float)
    shared = fans[:60]
    gaps = np.linalg.norm(shared[:, None] - shared[None], axis=2) + 1e3 * np.eye(len(shared))

    assert fans[0].tolist() == [0.0, 0.0]
    assert fans[60].tolist() == [0.0, 0.0]
    assert gaps.min() > 6
    assert np.linalg.norm(shared, axis=1).max() < 65


def test_every_country_of_the_file_has_a_middle_within_reason(outlines: Outlines, data: ReportData) -> None:
    named = set(data.locations["country_iso3"].dropna())

    assert named - set(outlines.middles_deg) == set()
    # The largest part of a country, across the 180th meridian too; from an atlas, to some degrees.
    for code, longitude, latitude in (("RUS", 97, 62), ("AUS", 134, -25), ("USA", -99, 40), ("NOR", 14, 65)):
        assert math.dist(outlines.middles_deg[code], (longitude, latitude)) < 6, code
    assert all(-180 <= lon <= 180 and -60 < lat < 85 for lon, lat in outlines.middles_deg.values())


def test_the_outlines_are_as_sealed_and_no_table() -> None:
    package = load_package(SOURCES_DIR / "natural_earth")

    assert package.resources == ()
    assert [file.name for file in package.files] == ["countries"]


def test_supply_lines_need_both_ends(data: ReportData, outlines: Outlines) -> None:
    middles_deg = outlines.middles_deg
    records = place_records(pd.concat([data.projects, data.plants]), data.locations)
    edges = located_edges(data.edges, records, middles_deg)
    kinds = {"project", "plant", "country"}
    drawn = edges[edges["is_drawn"]]

    assert len(drawn) > 50
    assert set(drawn["upstream_kind"]) | set(drawn["downstream_kind"]) <= kinds
    assert not edges.loc[~edges["is_resolved"], "is_drawn"].any()
    assert not edges.loc[edges["is_self_reference"], "is_drawn"].any()


def test_every_place_is_told_in_words(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    answered = warehouse.execute(
        "select record, location_as_published from (select project_name as record, location_id "
        "from marts.dim_projects union all select plant_name, location_id from marts.dim_plants) "
        "inner join marts.dim_locations using (location_id)"
    ).fetchall()
    told = {(row[0], row[2]) for row in page.rows("places-table")}

    assert {(name, (place or "").strip()) for name, place in answered} == told
    assert len(answered) > 200


def test_every_family_and_stage_has_a_mark_of_its_own(data: ReportData) -> None:
    assert set(data.projects["family"]) <= set(FAMILY_MARKS)
    assert set(data.projects["stage"]) <= set(STAGE_SHAPES)
    assert len({shape for _, shape in FAMILY_MARKS.values()}) == len(FAMILY_MARKS)
    assert len(set(STAGE_SHAPES.values())) == len(STAGE_SHAPES)


def test_what_is_missing_is_a_dash() -> None:
    assert [format_number(value, 1) for value in (None, math.nan, pd.NA, 0, 1234.56)] == ["–"] * 3 + [
        "0.0",
        "1,234.6",
    ]


MARKUP = '</script><script>alert(1)</script>&"'


@pytest.fixture(scope="module")
def altered(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which a project's name tries to be markup."""
    file = tmp_path_factory.mktemp("altered") / "ree.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{built.output}' as built (read_only)")
        for schema in ("marts", "quality", "meta"):
            connection.execute(f"create schema {schema}")
            for (table,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'built' and schema_name = ?",
                [schema],
            ).fetchall():
                connection.execute(f"create table {schema}.{table} as from built.{schema}.{table}")
        connection.execute(
            "update marts.dim_projects set project_name = ? where project_number = 1", [MARKUP]
        )
    return file


def test_names_are_escaped(altered: Path, tmp_path: Path, page: Page) -> None:
    html = write_report(altered, tmp_path).read_text(encoding="utf-8")
    shown = Page(html)

    assert "<script>alert(1)" not in html
    assert shown.tags["script"] == page.tags["script"]
    assert [MARKUP] in [row[:1] for row in shown.rows("projects-table")]


def test_the_command_writes_the_page_where_it_is_told(built: BuildSummary, tmp_path: Path) -> None:
    done = ree("report", "--file", str(built.output), "-o", str(tmp_path / "a" / "b"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("index.html")
    assert [entry.name for entry in (tmp_path / "a" / "b").iterdir()] == ["index.html"]


def test_a_missing_file_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ReeError, match="run `make build` first"):
        write_report(tmp_path / "none.duckdb", tmp_path / "site")

    assert not (tmp_path / "site").exists()


def test_a_file_without_a_table_it_needs_is_one_sentence_and_keeps_the_last_page(tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    with duckdb.connect(str(old)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_projects as select 'p' as project_id")
    (tmp_path / "index.html").write_text("the last one", encoding="utf-8")

    with pytest.raises(ReeError, match="the file lacks what the report reads") as caught:
        write_report(old, tmp_path)
    assert "\n" not in str(caught.value)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "the last one"


def test_a_folder_that_cannot_be_written_is_one_sentence(built: BuildSummary, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    with pytest.raises(ReeError, match=r"cannot be made .*; choose another"):
        write_report(built.output, tmp_path / "taken")
