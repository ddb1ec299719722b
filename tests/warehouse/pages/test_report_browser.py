"""The report as a reader meets it: in the system's Chromium, from a file, without a network."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator

import duckdb
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from warehouse.build.run import BuildSummary
from warehouse.pages.report.page import write_report

DESKTOP, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
ROWS = "#projects-table tbody tr:visible"
MAP_MARKS, SCATTER_MARKS = "#chart-world .projects_marks path", "#chart-grade .points_marks path"
PATTERN_MARKS, INTERVALS = "#chart-pattern .shares_marks path", "#chart-pattern .intervals_marks line"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((found for name in names if (found := shutil.which(name))), None)
    if executable is None:
        pytest.skip(f"the page is tested in a browser, and none of {', '.join(names)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(built: BuildSummary, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(built.output, tmp_path_factory.mktemp("site")).as_uri()


class Visit:
    """A page that was opened, and what it asked for and complained of."""

    def __init__(self, browser: Browser, address: str, viewport: ViewportSize) -> None:
        self.context = browser.new_context(offline=True, viewport=viewport)
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, DESKTOP)
    yield visit
    visit.context.close()


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def _count(warehouse: duckdb.DuckDBPyConnection, condition: str) -> int:
    row = warehouse.execute(
        "select count(*) from marts.dim_projects as p inner join marts.dim_locations using (location_id) "
        f"left join marts.dim_deposit_types using (deposit_type_id) where {condition}"
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_nothing_but_the_file_is_asked_for_and_nothing_is_complained_of(visit: Visit, address: str) -> None:
    for select in visit.page.locator("select[data-signal]").all():
        select.select_option(index=1)
    visit.page.locator("#filter-family").select_option(index=1)
    visit.page.hover("#chart-grade .points_marks path >> nth=0", force=True)

    assert visit.requests == [address]
    assert visit.complaints == []


def test_every_figure_is_drawn_and_has_a_text_alternative(page: Page) -> None:
    figures = page.locator("figure").all()

    assert len(figures) > 10
    for figure in figures:
        chart = figure.locator(".chart")
        assert chart.get_attribute("role") == "img"
        assert len(str(chart.get_attribute("aria-label"))) > 60
        assert chart.locator("svg .mark-symbol path, svg .mark-rect path, svg .mark-line path").count() > 0
        assert figure.locator("figcaption").inner_text().strip()


@pytest.mark.parametrize(
    ("filters", "condition"),
    [
        ({"family": "granite"}, "deposit_family = 'granite'"),
        ({"continent": "Africa"}, "continent = 'Africa'"),
        ({"stage": "production"}, "p.stage = 'production'"),
        ({"stage": "not stated", "continent": "Europe"}, "p.stage is null and continent = 'Europe'"),
    ],
)
def test_filters_act_on_table_map_and_scatter_together(
    page: Page, warehouse: duckdb.DuckDBPyConnection, filters: dict[str, str], condition: str
) -> None:
    everything = _count(warehouse, "true")
    expect(page.locator(ROWS)).to_have_count(everything)
    expect(page.locator(MAP_MARKS)).to_have_count(_count(warehouse, "p.latitude_deg is not null"))
    for name, value in filters.items():
        page.locator(f"#filter-{name}").select_option(value)

    wanted = _count(warehouse, condition)
    in_scatter = f"{condition} and resource_treo_t is not null and grade_treo_wt_pct is not null"
    assert 0 < wanted < everything
    expect(page.locator(ROWS)).to_have_count(wanted)
    expect(page.locator(MAP_MARKS)).to_have_count(
        _count(warehouse, f"{condition} and p.latitude_deg is not null")
    )
    expect(page.locator(SCATTER_MARKS)).to_have_count(_count(warehouse, in_scatter))
    expect(page.locator("#filter-status")).to_have_text(f"{wanted} of {everything} projects")

    page.get_by_role("button", name="Reset").click()
    expect(page.locator(ROWS)).to_have_count(everything)


def test_the_search_finds_by_name_and_by_company(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    name, company = warehouse.execute(
        "select project_name, company_name from marts.dim_projects inner join marts.dim_companies "
        "using (company_id) where project_name = 'Nechalacho' or project_number = 1 order by 1 limit 1"
    ).fetchone()
    page.get_by_role("searchbox", name="Search").fill(name.upper())
    expect(page.locator(ROWS)).to_have_count(_count(warehouse, f"project_name ilike '%{name}%'"))
    page.get_by_role("searchbox", name="Search").fill(company)
    expect(page.locator(ROWS).first).to_contain_text(company)
    page.get_by_role("searchbox", name="Search").fill("no such project")
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator("#no-match")).to_be_visible()


def test_the_map_zooms_by_its_buttons_and_drags(browser: Browser, address: str) -> None:
    for size in (DESKTOP, PHONE):
        visit = Visit(browser, address, size)
        try:
            page = visit.page
            start = _map(page)
            page.get_by_label("Look at").select_option("australia")
            expect(page.locator("#chart-world")).to_have_class("chart is-zoomed")
            australia = _map(page)
            page.get_by_role("button", name="Zoom in").click()
            page.wait_for_timeout(200)
            closer = _map(page)
            page.locator("#chart-world").scroll_into_view_if_needed()
            box = page.locator("#chart-world svg").bounding_box()
            assert box is not None
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 40, y - 20, steps=4)
            page.mouse.up()
            page.wait_for_timeout(200)
            dragged = _map(page)
            page.get_by_role("button", name="Whole view").click()
            page.wait_for_timeout(200)
            whole = _map(page)
        finally:
            visit.context.close()
        assert visit.complaints == []
        assert _gap(australia) > 4 * _gap(start)
        assert _gap(closer) == pytest.approx(1.6 * _gap(australia), rel=0.02)
        assert dragged["p001"][0] - closer["p001"][0] == pytest.approx(40, abs=1)
        assert dragged["p001"][1] - closer["p001"][1] == pytest.approx(-20, abs=1)
        assert whole["p001"] == pytest.approx(australia["p001"], abs=0.1)


def _map(page: Page) -> dict[str, list[float]]:
    """Where the map draws Mount Weld and Nolans, in pixels."""
    spots: dict[str, list[float]] = page.locator("#chart-world .projects_marks path").evaluate_all(
        """paths => Object.fromEntries(paths.map((path) => [path.__data__.datum.id.slice(-4), path])
             .filter(([id]) => ['p001', 'p032'].includes(id))
             .map(([id, path]) => [id, [path.__data__.x, path.__data__.y]]))"""
    )
    return spots


def _gap(spots: dict[str, list[float]]) -> float:
    return math.dist(spots["p001"], spots["p032"])


def test_plants_and_their_lines_can_be_put_away(page: Page) -> None:
    plants, lines = (
        page.locator("#chart-world .plants_marks path"),
        page.locator("#chart-world .lines_marks line"),
    )
    assert plants.count() > 0
    assert lines.count() > 0
    page.get_by_label("plants and supply lines").uncheck()
    expect(plants).to_have_count(0)
    expect(lines).to_have_count(0)


def test_the_table_is_sorted_by_its_headings(page: Page) -> None:
    heading = page.locator("#projects-table thead th", has_text="resource")
    for direction, pick in (("ascending", min), ("descending", max)):
        heading.get_by_role("button").click()
        expect(heading).to_have_attribute("aria-sort", direction)
        values = page.locator("#projects-table tbody tr td:nth-child(6)").evaluate_all(
            "cells => cells.map((cell) => cell.dataset.value)"
        )
        numbers = [float(value) for value in values if value]
        assert numbers[0] == pick(numbers)
        assert values[len(numbers) :] == [""] * (len(values) - len(numbers))


def test_the_pattern_explorer_works_by_keyboard_alone(
    page: Page, warehouse: duckdb.DuckDBPyConnection
) -> None:
    name, dysprosium = warehouse.execute(
        "select project_name, best_pct from marts.composition_best inner join marts.dim_projects "
        "using (project_id) where oxide = 'Dy2O3' and has_full_composition and length(project_name) > 8 "
        "order by best_pct desc limit 1"
    ).fetchone()
    page.locator("#picker-search").focus()
    page.keyboard.type(name)
    page.keyboard.press("Enter")

    expect(page.locator("#pattern-title")).to_contain_text(name)
    expect(page.locator(PATTERN_MARKS)).to_have_count(15)
    expect(page.locator(INTERVALS)).to_have_count(0)
    row = page.locator("#shares-table tr", has_text="Dy2O3")
    expect(row).to_contain_text(f"{dysprosium:.2f}")


def test_predicted_patterns_have_intervals(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    project, shares = warehouse.execute(
        "select project_id, count(*) filter (where best_pct > 0) from marts.composition_best "
        "where value_origin = 'predicted' group by 1 order by 2 desc, 1 limit 1"
    ).fetchone()
    page.locator(f"#projects-table tr[data-id={project}] a").click()

    expect(page.locator("#picker-list")).to_have_value(project)
    expect(page.locator(PATTERN_MARKS)).to_have_count(shares)
    expect(page.locator(INTERVALS)).to_have_count(15)
    expect(page.locator("#shares-table tbody")).to_contain_text(" to ")


def test_the_first_tab_leads_past_the_navigation_and_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_every_control_has_a_label(page: Page) -> None:
    nameless = page.locator("input, select, button").evaluate_all(
        "all => all.filter((one) => !one.labels?.length && !one.textContent.trim()).map((one) => one.id)"
    )
    assert nameless == []


def test_nothing_overflows_on_a_phone(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, PHONE)
    try:
        for details in visit.page.locator("details").all():
            details.evaluate("one => { one.open = true; }")
        widths = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        # What is wider than the screen is in a frame of its own that scrolls.
        wide = visit.page.evaluate(
            """() => [...document.querySelectorAll('main *')].filter((one) => !one.closest('svg')
              && !one.closest('.scroll, .chart-scroll, .table-frame, .unseen')
              && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML)"""
        )
    finally:
        visit.context.close()
    assert widths == [PHONE["width"]] * 2
    assert wide == []


def test_tables_are_read_without_javascript(
    browser: Browser, address: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    page.goto(address)
    try:
        expect(page.locator(ROWS)).to_have_count(_count(warehouse, "true"))
        expect(page.locator("#findings-table tbody tr").first).to_be_visible()
        expect(page.locator("#filters")).to_be_hidden()
        assert "World map of" in page.locator("#figure-world").inner_text()
        page.locator("#figure-continents summary").click()
        expect(page.locator("#continents-table")).to_be_visible()
    finally:
        context.close()


def test_paper_has_no_controls_and_all_projects(page: Page, warehouse: duckdb.DuckDBPyConnection) -> None:
    page.emulate_media(media="print")

    for hidden in ("#filters", ".contents", "#picker", ".choices >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(ROWS)).to_have_count(_count(warehouse, "true"))
    assert (
        page.locator(".table-frame.scroll").first.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    )
    assert len(page.pdf(format="A4")) > 50_000
