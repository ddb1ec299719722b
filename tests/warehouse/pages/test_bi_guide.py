"""The cookbook's answers are those that pandas finds, and the guide shows the cookbook as it is."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from warehouse.build.run import BuildSummary
from warehouse.errors import ReeError
from warehouse.file.query import Answer, ask
from warehouse.pages import bi_guide
from warehouse.pages.bi_guide import DOCS, markdown_table, recipes, render_guide

AT_WORK = {"crushing and roughing", "mineral concentrate", "mixed oxides", "separated oxides", "metal"}


@pytest.fixture
def answer(warehouse: duckdb.DuckDBPyConnection):
    return lambda name, **changes: warehouse.sql(_changed(recipes()[name], changes)).df()


@pytest.fixture
def mart(warehouse: duckdb.DuckDBPyConnection):
    return lambda name: warehouse.sql(f"from marts.{name}").df()


def _changed(sql: str, changes: dict[str, str]) -> str:
    """Set parameters of the recipe: ``20.0 as max_width_pct`` becomes ``<value> as max_width_pct``."""
    for name, value in changes.items():
        sql, count = re.subn(rf"\S+ as {name}\b", f"{value} as {name}", sql, count=1)
        assert count == 1, name
    return sql


def _current(predictions: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    return predictions[predictions["model_run_id"].isin(runs.loc[runs["is_current"], "model_run_id"])]


def test_every_recipe_says_what_it_asks() -> None:
    assert len(recipes()) == 20
    for name, sql in recipes().items():
        # A tool that splits a script at semicolons runs it all the same.
        assert ";" not in sql, name
        head = "\n".join(line for line in sql.splitlines() if line.startswith("--"))
        assert {"Question", "Grain", "Caveat"} <= set(re.findall(r"^-- (\w+): ", head, re.MULTILINE)), name


def test_compositions_are_counted_by_source_and_material(answer, mart) -> None:
    found = answer("compositions_by_source").set_index(["source", "composition_basis"])
    analyses = mart("fct_compositions").dropna(subset="share_of_treo_pct")
    sizes = analyses.groupby(["source", "composition_basis", "composition_id"]).size()
    counted = sizes[sizes >= 5].groupby(level=[0, 1]).size()

    assert found["compositions"].to_dict() == counted.to_dict()
    assert found["compositions"].sum() > 100
    assert (found["chosen"] <= found["deposits"]).all()


@pytest.mark.parametrize("oxide", ["Nd2O3", "Dy2O3"])
def test_predictions_stand_beside_what_is_published(answer, mart, oxide: str) -> None:
    found = answer("predicted_beside_reported", oxide=f"'{oxide}'")
    published = mart("fct_compositions").query(
        "source == 'liu_2023' and oxide == @oxide and value_status == 'reported'"
    )
    measured = mart("dim_projects").query("has_full_composition")["project_id"]
    predicted = _current(mart("fct_composition_predictions"), mart("dim_model_runs"))
    both = predicted.query("oxide == @oxide").merge(published[published["project_id"].isin(measured)])
    both["error"] = both["predicted_pct"] - both["share_of_treo_pct"]
    both = both.sort_values(
        ["error", "project_id"], key=lambda values: -values.abs() if values.name == "error" else values
    )
    assert len(found) == len(both) > 50
    assert np.allclose(found["error_pct"], both["error"])
    assert (
        found["is_within_90"].tolist()
        == both.eval("lower_90_pct <= share_of_treo_pct <= upper_90_pct").tolist()
    )
    assert 0.6 < found["is_within_90"].mean() <= 1


def _sites(mart) -> pd.DataFrame:
    places = mart("dim_locations")[["location_id", "country_name"]]
    mines = mart("dim_projects").query("stage == 'production'").merge(places, on="location_id")
    mines = mines.drop_duplicates(["site_id", "country_name"]).assign(stage="mining", oxide=np.nan)
    figures = mart("fct_plant_capacities")
    figures = figures[figures["basis"].str.startswith("oxide") & figures["flow"].eq("product")]
    figures = figures.dropna(subset="amount_high_t_per_year").sort_values(["plant_id", "measure"])
    figures = figures.drop_duplicates(["plant_id", "measure"])
    # One figure per plant is all that those at work state, so there is nothing to add up.
    stated = (
        figures.drop_duplicates("plant_id").set_index("plant_id")["amount_high_t_per_year"].rename("oxide")
    )
    plants = mart("dim_plants").merge(places, on="location_id").merge(stated, on="plant_id", how="left")
    return pd.concat([mines, plants[plants["stage"].isin(AT_WORK)]])[["stage", "country_name", "oxide"]]


def test_concentration_is_the_sum_of_squared_shares(answer, mart) -> None:
    found, sites = answer("concentration_by_stage"), _sites(mart)
    assert set(found["stage"]) == AT_WORK | {"mining"} == set(sites["stage"])
    assert sites["country_name"].notna().all()
    for stage, rows in found.groupby("stage"):
        of_stage = sites[sites["stage"] == stage]
        shares = 100 * of_stage["country_name"].value_counts(normalize=True)
        assert rows.set_index("country_name")["share_of_sites_pct"].to_dict() == pytest.approx(
            shares.to_dict()
        )
        for hhi in ("hhi_of_sites", "hhi_of_sites_upper"):
            assert rows[hhi].tolist() == pytest.approx([(shares**2).sum()] * len(rows))
        assert 1e4 / len(rows) - 1e-6 <= rows["hhi_of_sites"].iloc[0] <= 1e4
        assert rows["sites"].sum() == len(of_stage)
        assert rows["plants_stating"].sum() == of_stage["oxide"].count()
        amounts = of_stage.dropna(subset="oxide").groupby("country_name")["oxide"].sum()
        if amounts.empty:
            assert rows["hhi_of_oxide"].isna().all()
            continue
        assert rows["share_of_oxide_pct"].sum() == pytest.approx(100)
        assert rows["hhi_of_oxide"].dropna().tolist() == pytest.approx(
            [((100 * amounts / amounts.sum()) ** 2).sum()] * rows["hhi_of_oxide"].count()
        )
    assert found["hhi_of_oxide"].notna().any()


def test_concentration_of_editions_is_that_of_their_countries(answer, mart) -> None:
    found = answer("concentration_over_time").set_index(["market", "release", "year"])
    figures = mart("fct_production").query("area_kind != 'world' and printed_in != 'united_states'")
    for (release, year), areas in figures.groupby(["release", "year"]):
        row = found.loc[("mine_production", release, year)]
        shares = 100 * areas["mine_production_treo_t"] / areas["mine_production_treo_t"].sum()
        is_other = areas["area_kind"] == "other_countries"
        assert row["hhi_lower"] == pytest.approx((shares[~is_other] ** 2).sum())
        assert row["hhi_upper"] == pytest.approx((shares**2).sum())
        assert row["largest_holder"] == "China"
        assert row["largest_share_pct"] == pytest.approx(shares.max())
    assert (
        len(found) == figures.groupby(["release", "year"]).ngroups + mart("fct_reserves")["release"].nunique()
    )
    assert 4500 < found.loc[("mine_production", "MCS2025", 2024), "hhi_upper"] < 5500


def test_the_guide_names_the_countries_whose_plants_are_missing(built: BuildSummary, mart) -> None:
    places = mart("dim_locations")
    mines = mart("dim_projects").query("stage == 'production'").merge(places, on="location_id")
    plants = mart("dim_plants").merge(places, on="location_id")
    missing = sorted(set(mines["country_name"].dropna()) - set(plants["country_name"]))
    words = " ".join(render_guide(built.output).split())
    assert missing
    assert f"the table lists {len(plants)} plants." in words
    assert f"no plant of {', '.join(missing)}: every stage after mining is the world without them." in words


def test_ndpr_reported_and_predicted_make_the_whole(answer, mart) -> None:
    found = answer("ndpr_in_the_ground").set_index("country_name")
    projects = mart("dim_projects").merge(mart("composition_best_wide"), on="project_id")
    projects = projects.merge(mart("dim_locations"), on="location_id")
    projects["ndpr_t"] = projects["resource_treo_t"] * projects["ndpr_pct"] / 100
    is_other = projects["share_basis"] == "other"
    assert found["projects_on_another_basis"].sum() == is_other.sum() > 0
    projects.loc[is_other, "ndpr_t"] = float("nan")
    by_country = projects.groupby("country_name")["ndpr_t"].sum(min_count=1)
    assert found["projects"].sum() == len(mart("dim_projects"))
    assert found["projects_without_resource"].sum() == projects["resource_treo_t"].isna().sum()
    assert found["ndpr_total_t"].sort_index().to_numpy() == pytest.approx(
        by_country.sort_index().to_numpy(), nan_ok=True
    )
    stated = found.dropna(subset="resource_treo_t")
    assert (stated["ndpr_reported_t"] + stated["ndpr_predicted_t"]).tolist() == pytest.approx(
        stated["ndpr_total_t"].tolist()
    )
    assert (stated["of_which_extrapolated_t"] <= stated["ndpr_predicted_t"] + 1e-6).all()
    published = projects.query("has_full_composition and zero_suspect_oxides == 0")
    published = published.groupby("country_name")["ndpr_t"].sum()
    assert (stated["ndpr_reported_t"] - published.reindex(stated.index, fill_value=0) > -1e-6).all()
    assert 0 < stated["ndpr_predicted_t"].sum() < stated["ndpr_reported_t"].sum()


def test_ore_values_are_those_of_grade_and_basket(answer, mart) -> None:
    found = answer("value_by_project").set_index("project_name")
    values = mart("fct_site_values").query("subject_kind == 'project'")
    projects = mart("dim_projects").merge(values[["project_id", "basket_price_usd_per_kg"]], on="project_id")
    expected = (10 * projects["grade_treo_wt_pct"] * projects["basket_price_usd_per_kg"]).dropna()
    assert sorted(found["ore_value_usd_per_t"]) == pytest.approx(sorted(expected))
    assert found["ore_value_usd_per_t"].is_monotonic_decreasing
    predicted = found["ore_value_lower_90_usd_per_t"].notna()
    assert predicted[found["reported_share_pct"] == 0].all()
    assert 5 < predicted.sum() < len(found)
    assert found[predicted].eval("ore_value_lower_90_usd_per_t < ore_value_upper_90_usd_per_t").all()


def test_supply_of_oxides_adds_up_the_draws_of_the_projects(answer, mart) -> None:
    found = answer("supply_of_oxides").set_index("oxide")
    projects = mart("dim_projects").set_index("project_id")["resource_treo_t"].dropna()
    best = mart("composition_best").query("share_basis != 'other'")
    best = best[best["project_id"].isin(projects.index)]
    best["t"] = best["closed_pct"] * projects[best["project_id"]].to_numpy() / 100
    assert found["contained_t"].to_dict() == pytest.approx(best.groupby("oxide")["t"].sum().to_dict())
    open_shares = best[best["value_origin"] != "reported"][["project_id", "oxide", "closed_pct"]]
    draws = mart("fct_composition_draws").merge(
        open_shares, left_on=["subject_id", "oxide"], right_on=["project_id", "oxide"]
    )
    draws["off_t"] = (
        (draws["share_pct"] - draws["closed_pct"]) * projects[draws["project_id"]].to_numpy() / 100
    )
    sums = draws.groupby(["oxide", "draw"])["off_t"].sum().groupby("oxide")
    for end, fraction in (("lower", 0.05), ("upper", 0.95)):
        off = found[f"contained_{end}_90_t"] - found["contained_t"]
        assert off.to_dict() == pytest.approx(sums.quantile(fraction).to_dict(), rel=1e-6)
    parts = mart("rpt_supply_potential").query("subject_kind == 'project'")
    of_countries = (
        parts.groupby("oxide")["contained_upper_90_t"].sum()
        - parts[parts["contained_upper_90_t"].notna()].groupby("oxide")["contained_t"].sum()
    )
    # Errors of different deposits partly cancel.
    assert (found["contained_upper_90_t"] - found["contained_t"] < of_countries[found.index]).all()


def test_mine_production_is_that_of_the_newest_edition(answer, mart) -> None:
    found = answer("mine_production_by_country")
    figures = mart("fct_production").query("area_kind != 'world'").sort_values("release")
    newest = figures.groupby(["year", "area_name"])[["mine_production_treo_t", "release"]].last()
    assert len(found) == len(newest) < len(figures)
    found = found.set_index(["year", "area_name"])
    assert found["release"].to_dict() == newest["release"].to_dict()
    assert found["mine_production_treo_t"].to_dict() == newest["mine_production_treo_t"].to_dict()
    shares = found.groupby("year")["share_pct"]
    assert {year: shares.count()[year] for year in (2017, 2024)} == {2017: 0, 2024: 17}
    assert shares.sum().loc[2020:].tolist() == pytest.approx([100] * 5)
    largest = found.loc[2024].index[0]
    assert found.loc[(2024, largest), "share_pct"] > 50


@pytest.mark.parametrize("product", ["nd_oxide", "tb_oxide"])
def test_prices_are_beside_those_of_the_edition_before(answer, mart, product: str) -> None:
    found = answer("price_by_release", product=f"'{product}'")
    prices = mart("fct_prices").query("product == @product").sort_values(["year", "release"])
    prices["revised"] = prices.groupby("year")["price_usd_per_kg"].diff()
    found = found.set_index(["year", "release"])
    assert len(found) == len(prices) == 20
    both = found.join(prices.set_index(["year", "release"])["revised"])
    assert both["revised_by_usd_per_kg"].tolist() == pytest.approx(both["revised"].tolist(), nan_ok=True)
    assert (both["revised"].abs() > 0).any()
    assert both["is_latest_release"].groupby("year").sum().eq(1).all()


def test_resources_of_countries_are_those_of_their_projects(answer, mart) -> None:
    found = answer("resource_by_country").set_index("country_name")
    projects = mart("dim_projects").merge(mart("dim_locations"), on="location_id")
    by_country = projects.groupby(projects["country_name"].fillna("not stated"))["resource_treo_t"]
    assert found["projects"].sum() == len(mart("dim_projects"))
    assert found["projects_stating"].to_dict() == by_country.count().to_dict()
    assert found["resource_treo_t"].dropna().to_dict() == pytest.approx(
        by_country.sum(min_count=1).dropna().to_dict()
    )
    assert found["resource_treo_t"].dropna().is_monotonic_decreasing


def test_mines_at_work_are_the_projects_in_production(answer, mart) -> None:
    found = answer("mines_at_work")
    producing = mart("dim_projects").query("stage == 'production'")
    assert sorted(found["project_name"]) == sorted(producing["project_name"])
    assert len(found) > 15
    assert (found["since_year"].dropna() <= 2022).all()


@pytest.mark.parametrize("country", ["CHN", "AUS"])
def test_projects_of_provinces_are_all_of_the_country(answer, mart, country: str) -> None:
    found = answer("projects_by_province", country_iso3=f"'{country}'")
    of_country = mart("dim_projects").merge(
        mart("dim_locations").query("country_iso3 == @country"), on="location_id"
    )
    assert found["projects"].sum() == len(of_country) > 3
    named = found[found["admin1_name"] != "several or not known"].set_index("admin1_name")
    assert named["projects"].to_dict() == of_country["admin1_name"].value_counts().to_dict()
    listed = found["project_names"].str.split(", ").explode()
    assert sorted(listed) == sorted(of_country["project_name"].str.split(", ").explode())


def test_heavy_shares_of_families_are_of_full_analyses(answer, mart) -> None:
    found = answer("hree_by_family").set_index("deposit_family")
    full = mart("dim_projects").query("has_full_composition")
    best = mart("composition_best").merge(full[["project_id"]]).merge(mart("dim_oxides"), on="oxide")
    sums = best[best["is_hree"]].groupby("project_id")["closed_pct"].sum().rename("hree")
    of_family = full.merge(mart("dim_deposit_types"), on="deposit_type_id").merge(sums, on="project_id")
    groups = of_family.groupby("deposit_family")
    assert found["hree_pct_median"].to_dict() == pytest.approx(groups["hree"].median().to_dict())
    assert found["hree_pct_mean"].to_dict() == pytest.approx(groups["hree"].mean().to_dict())
    assert found["sites"].to_dict() == groups["site_id"].nunique().to_dict()
    assert found["projects"].sum() == len(full)


@pytest.mark.parametrize("key", ["jaireth_2014", "paulick_machacek_2017"])
def test_a_citation_key_names_its_work_and_who_cites_it(answer, mart, key: str) -> None:
    found = answer("what_a_citation_key_means", reference_key=f"'{key}'")
    work = mart("dim_references").set_index("reference_key").loc[key]
    assert work["author_or_publisher"] in found["citation"].iloc[0]
    citing = []
    for name, id_column in (("dim_projects", "project_id"), ("dim_plants", "plant_id")):
        records = mart(name)
        for column in records.filter(like="_references"):
            is_cited = records[column].fillna("").str.split(";").map(lambda keys: key in keys)
            citing += [(record, column[: -len("_references")]) for record in records.loc[is_cited, id_column]]
    assert list(zip(found["record_id"], found["cited_for"], strict=True)) == sorted(citing)
    assert found["record_name"].notna().all()


def test_a_citation_says_the_title_and_the_caveat_how_many_have_none(mart) -> None:
    works = mart("dim_references")
    untitled = works[works["title"].isna()]
    recipe = recipes()["what_a_citation_key_means"]
    pages = (untitled["kind"] == "web").sum()
    assert f"{len(untitled)} of the {len(works)} works have no title, {pages} of them web pages" in recipe
    jaireth = works.set_index("reference_key").loc["jaireth_2014", "citation"]
    assert jaireth == (
        "Jaireth; et al. (2014), Geological setting and resources of the major rare-earth-element deposits "
        "in Australia, Ore Geology Reviews, paper"
    )


def test_capacity_of_companies_counts_each_plant_once_for_each_holder(answer, mart) -> None:
    found = answer("oxide_capacity_by_company").set_index("company_name")
    stated = mart("rpt_plant_oxides").query("measure == 'capacity'").merge(mart("dim_plants"), on="plant_id")
    held = stated.merge(mart("bridge_plant_companies"), on="plant_id", suffixes=("_first", ""))
    held = held.merge(mart("dim_companies"), on="company_id")
    made = held.groupby("company_name")["made_high_t_per_year"].sum(min_count=1)
    assert found["made_t_per_year"].dropna().to_dict() == pytest.approx(made.dropna().to_dict())
    at_work = held[held["stage"].isin(AT_WORK)].groupby("company_name")["made_high_t_per_year"]
    assert found["at_work_made_t_per_year"].dropna().to_dict() == pytest.approx(
        at_work.sum(min_count=1).dropna().to_dict()
    )
    assert found["plants"].sum() - found["joint_plants"].sum() / 2 == held["plant_id"].nunique()
    assert found.loc["Lynas Rare Earths", "at_work_made_t_per_year"] > 10_000


@pytest.mark.parametrize("company", ["lynas_rare_earths", "texas_mineral_resources", "usa_rare_earth"])
def test_plants_of_a_company_are_those_it_holds_with_others_too(answer, mart, company: str) -> None:
    found = answer("plants_of_a_company", company_id=f"'{company}'")
    bridge = mart("bridge_plant_companies")
    ids = bridge.loc[bridge["company_id"] == company, "plant_id"]
    names = mart("dim_plants").set_index("plant_id").loc[sorted(ids), "plant_name"]
    assert found["plant_name"].tolist() == names.tolist() != []
    joint = bridge[bridge["plant_id"].isin(ids) & (bridge["company_id"] != company)]
    assert found["joint_with"].notna().sum() == joint["plant_id"].nunique()
    assert len(found) == mart("dim_companies").set_index("company_id").loc[company, "plants"]


def test_projects_of_a_group_are_those_of_all_its_companies(answer, mart) -> None:
    companies = mart("dim_companies")
    holders = mart("bridge_project_companies").merge(companies, on="company_id")
    for group in companies["parent_company_id"].dropna().unique():
        found = answer("projects_of_a_group", group_company_id=f"'{group}'")
        of_group = holders.query("company_id == @group or parent_company_id == @group")
        assert sorted(found["company_name"]) == sorted(of_group["company_name"])
        assert set(found["project_name"]) == set(
            mart("dim_projects").set_index("project_id").loc[of_group["project_id"], "project_name"]
        )


@pytest.mark.parametrize(("latitude", "longitude", "within"), [(-32.05, 115.74, 300), (67.6, 33.7, 250)])
def test_projects_near_a_point_are_those_of_a_globe(
    answer, mart, latitude: float, longitude: float, within: int
) -> None:
    found = answer(
        "projects_near_a_point",
        latitude_deg=str(latitude),
        longitude_deg=str(longitude),
        within_km=str(within),
    )
    placed = mart("dim_projects").query("coordinate_precision in ['deposit', 'district', 'locality']")

    def unit_vectors(lat, lon) -> np.ndarray:
        lat, lon = np.radians(lat), np.radians(lon)
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)

    chords = np.linalg.norm(
        unit_vectors(placed["latitude_deg"], placed["longitude_deg"]) - unit_vectors(latitude, longitude),
        axis=1,
    )
    # The chord between two points of a unit sphere gives the angle without the haversine formula.
    distances = pd.Series(2 * 6371.0088 * np.arcsin(chords / 2), index=placed["project_name"])
    # Deposits of one district may share its point.
    near = distances[distances <= within].rename_axis("name").reset_index(name="km").round({"km": 6})
    near = near.sort_values(["km", "name"])
    assert found["project_name"].tolist() == near["name"].tolist() != []
    assert found["distance_km"].tolist() == pytest.approx(near["km"].tolist())


def test_next_plants_are_the_expected_stages(answer, mart) -> None:
    found, expected = answer("next_plants_by_year"), mart("fct_plant_statuses").query("is_expected")
    assert len(found) == len(expected) > 30
    years = found["expected_year"].dropna()
    assert years.is_monotonic_increasing
    assert years.min() == 2022
    assert found["expected_year"].isna().to_numpy().nonzero()[0].min() == len(years)
    assert years.value_counts().to_dict() == expected["effective_year"].value_counts().to_dict()
    counted = found.groupby("expected_year", dropna=False)["plants_in_year"]
    assert (counted.first() == counted.size()).all()


def test_intervals_are_too_wide_by_the_threshold_given(answer, mart) -> None:
    sums = _current(mart("fct_group_predictions"), mart("dim_model_runs"))
    width = (sums["upper_90_pct"] - sums["lower_90_pct"]).rename("width")
    sums = sums.assign(width=width).query("prediction_kind != 'out_of_fold' and width > 0")
    for target, threshold in (("ndpr", 20.0), ("hree", 50.0), ("magnet", 0.0), ("ndpr", 1000.0)):
        found = answer("intervals_too_wide", sum_of_oxides=f"'{target}'", max_width_pct=str(threshold))
        of_target = sums.query("target == @target")
        listed = of_target.query("width > @threshold or is_extrapolated")
        assert sorted(found["width_90_pct"]) == pytest.approx(sorted(listed["width"]))
        assert found["is_too_wide"].sum() == (of_target["width"] > threshold).sum()
        assert found["width_90_pct"].round(6).is_monotonic_decreasing
    assert not found["is_too_wide"].any()
    assert found["is_extrapolated"].all()


def _words(guide: str) -> list[str]:
    """The guide without what the models say: rows of tables, and how many there are."""
    told = r"\||All \d+ rows|The first \d+ of \d+ rows"
    return [line for line in guide.splitlines() if not re.match(told, line)]


def test_the_guide_of_the_repository_is_the_one_that_is_generated(built: BuildSummary) -> None:
    guide = render_guide(built.output)
    committed = (DOCS / "bi.md").read_text(encoding="utf-8")
    assert _words(guide) == _words(committed), "run `ree pages docs/bi.md`"
    assert not re.search(r"\bnan\b|\bNone\b|\{\{|\{%", guide)


def test_the_guide_shows_each_query_and_the_first_rows_of_its_answer(built: BuildSummary) -> None:
    guide = render_guide(built.output)
    assert guide.count("```sql\n") == len(recipes())
    for name, sql in recipes().items():
        _, _, below = guide.partition(f"```sql\n{sql}```\n\n")
        told, table = below.rstrip("\n").split("\n\n")[:2]
        answer = ask(built.output, sql)
        shown = len(table.splitlines()) - 2
        assert table == markdown_table(Answer(answer.names, answer.rows[:shown])), name
        assert told == (
            f"All {shown} rows."
            if shown == len(answer.rows)
            else f"The first {shown} of {len(answer.rows)} rows."
        )


def test_pictures_and_files_the_guide_names_are_there() -> None:
    guide = (DOCS / "bi.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", guide)
    assert pictures
    assert all((DOCS / picture).is_file() for picture in pictures)
    named = re.findall(r"(docs/cookbook/\w+\.sql|docs/templates/\S+\.j2|dashboards/\S+\.py)", guide)
    assert len(named) >= 3
    assert all((DOCS.parent / name).is_file() for name in named)


def test_the_notebook_code_of_the_guide_runs(
    built: BuildSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "ree.duckdb").symlink_to(built.output)
    (tmp_path / "docs").symlink_to(DOCS)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "bi.md").read_text(encoding="utf-8"), re.DOTALL)
    for block in blocks:
        exec(compile(block, "docs/bi.md", "exec"), names)
    assert len(names["compositions"]) == len(names["projects"]) > 100
    assert len(names["plants"]) > 50
    assert names["ndpr"]["ndpr_total_t"].sum() > 0


def test_a_recipe_that_fails_is_told_by_its_file(
    built: BuildSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = recipes() | {"next_plants_by_year": "select no_such_column from marts.dim_plants"}
    monkeypatch.setattr(bi_guide, "recipes", lambda: broken)
    with pytest.raises(ReeError, match=r"next_plants_by_year\.sql: the query failed .*no_such_column"):
        render_guide(built.output)


def test_a_table_is_written_for_reading() -> None:
    names = ["name", "resource_t", "ndpr_pct", "share_of_sites", "is_known", "sites"]
    rows = [("a | b\nc", 1234567.8, 12.345, 0.12345, True, 1), (None, None, None, None, False, None)]
    assert markdown_table(Answer(names, rows)).splitlines() == [
        "| name | resource_t | ndpr_pct | share_of_sites | is_known | sites |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
        "| a \\| b c | 1,234,568 | 12.3 | 0.123 | yes | 1 |",
        "|  |  |  |  | no |  |",
    ]
