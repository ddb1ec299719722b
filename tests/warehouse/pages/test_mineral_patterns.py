"""Host minerals and patterns: the figure and the table say what the compositions say."""

from __future__ import annotations

import base64
import re

import duckdb
import pandas as pd
import pytest

from ml.oxides import HREE
from warehouse.build.run import BuildSummary
from warehouse.pages import mineral_patterns
from warehouse.pages.lineage import PATTERNS_MARK, docs_file
from warehouse.paths import DBT_PROJECT_DIR, PROJECT_ROOT


@pytest.fixture
def measured(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """HREE of each measured project of known host, added up again from the shares."""
    shares = warehouse.execute(
        "select project_id, project_name, mineral_group, oxide, share_of_treo_pct "
        "from marts.fct_compositions join marts.dim_projects using (project_id) "
        "join marts.fct_project_minerals using (project_id) "
        "where source = 'liu_2023' and has_full_composition and rank = 1"
    ).df()
    heavy = shares[shares["oxide"].isin(HREE)]
    return heavy.groupby(["mineral_group", "project_name"], as_index=False)["share_of_treo_pct"].sum()


def test_the_table_is_that_of_the_compositions(
    measured: pd.DataFrame, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = {row["mineral_group"]: row for row in mineral_patterns.groups(warehouse)}
    assert set(rows) == set(measured["mineral_group"])
    for group, own in measured.groupby("mineral_group"):
        hree = own["share_of_treo_pct"]
        row = rows[str(group)]
        assert row["measured_projects"] == len(own)
        assert row["hree_pct_median"] == pytest.approx(hree.median(), abs=1e-6)
        assert (row["hree_pct_min"], row["hree_pct_max"]) == pytest.approx((hree.min(), hree.max()), abs=1e-6)
        gap = (hree - hree.median()).abs()
        assert abs(row["farthest_hree_pct"] - hree.median()) == pytest.approx(gap.max(), abs=1e-6)
        assert row["farthest_project_name"] in set(own.loc[gap > gap.max() - 1e-6, "project_name"])


def test_the_figure_has_a_panel_per_group_and_a_line_per_project(
    measured: pd.DataFrame, warehouse: duckdb.DuckDBPyConnection
) -> None:
    drawn = pd.DataFrame(mineral_patterns.pattern_chart(warehouse).data)
    counts = measured["mineral_group"].value_counts()
    assert dict(drawn.groupby("mineral_group")["project_id"].nunique()) == dict(counts)
    elements = drawn.groupby(["mineral_group", "series"])["element"].nunique().unstack()
    assert (elements[["median", "counter-example"]] >= 10).all(axis=None)
    assert (drawn["ratio"] > 0).all()
    # Yttrium ores rise to the heavy side, fluorocarbonates fall: the point of the figure.
    medians = drawn[drawn["series"] == "median"]
    slope = medians.pivot(index="mineral_group", columns="element", values="ratio")
    assert slope.loc["xenotime_yttrium", "Yb"] > slope.loc["xenotime_yttrium", "La"]
    assert slope.loc["fluorocarbonate", "La"] > 10 * slope.loc["fluorocarbonate", "Yb"]


def test_the_lineage_site_carries_figure_and_table(
    built: BuildSummary, warehouse: duckdb.DuckDBPyConnection
) -> None:
    overview = (DBT_PROJECT_DIR / "docs" / "overview.md").read_text(encoding="utf-8")
    assert overview.count(PATTERNS_MARK) == 1
    page = docs_file(built.output).read_text(encoding="utf-8")
    assert PATTERNS_MARK not in page
    assert str(PROJECT_ROOT) not in page
    assert str(built.output.parent) not in page
    words = r"Measured patterns by group of principal host minerals\]"
    picture = re.search(words + r"\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", page)
    assert picture is not None
    drawn = base64.b64decode(picture.group(1)).decode()
    for row in mineral_patterns.groups(warehouse):
        assert str(row["mineral_group"]).replace("_", " ") in drawn
        assert f"| {row['mineral_group']} | {row['measured_projects']} |" in page


def test_the_drawn_ratios_are_those_of_the_published_shares(warehouse: duckdb.DuckDBPyConnection) -> None:
    drawn = pd.DataFrame(mineral_patterns.pattern_chart(warehouse).data)
    shares = warehouse.execute(
        "select project_id, element, "
        "share_of_treo_pct * 1e4 / oxide_to_element_factor / chondrite_ppm as ratio "
        "from marts.fct_compositions join marts.dim_oxides using (oxide) "
        "where value_status = 'reported' and is_chosen"
    ).df()
    both = drawn[drawn["series"] != "median"].merge(shares, on=["project_id", "element"], how="left")
    assert len(both) > 700
    assert both["ratio_x"].to_numpy() == pytest.approx(both["ratio_y"].to_numpy())


def test_projects_are_counted_by_how_their_host_is_known(warehouse: duckdb.DuckDBPyConnection) -> None:
    counts = warehouse.execute(
        "select stratum, projects, unlabelled_mean_width_90_pct from marts.rpt_prediction_strata "
        "where stratum_kind = 'mineral_basis'"
    ).df()
    labels = warehouse.execute(
        """
        with hosts as (
            select project_id, site_id, mineral_group, confidence,
                has_full_composition and project_id not in (
                    select project_id from marts.dim_compositions
                    where source = 'liu_2023' and composition_basis in ('mineral', 'concentrate')
                ) as is_learned_from
            from marts.dim_projects left join (from marts.fct_project_minerals where rank = 1)
            using (project_id)
        )
        select case when exists (
            from hosts as other where other.mineral_group = hosts.mineral_group
                and other.is_learned_from and other.site_id <> hosts.site_id
        ) then confidence else 'none' end as basis, count(*) as projects
        from hosts group by all
        """
    ).df()
    assert (
        counts.set_index("stratum")["projects"].to_dict() == labels.set_index("basis")["projects"].to_dict()
    )
    widths = counts.set_index("stratum")["unlabelled_mean_width_90_pct"]
    # What a known host is worth: intervals visibly narrower than without.
    assert widths[["stated", "inferred"]].max() < 0.8 * widths["none"]
