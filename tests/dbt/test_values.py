"""What deposits are worth and hold, computed again from printed prices and shares."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

# Prices of 2023 as the edition of 2024 prints them; CeO2 holds 0.9535 of its weight as Ce2O3.
PRICES = {"La2O3": 1, "Ce2O3": 1 / 0.9535, "Nd2O3": 80, "Eu2O3": 27, "Tb4O7": 1300, "Dy2O3": 323, "Y2O3": 8}
MEASURED = ("liu2023-p002", "liu2023-p115", "liu2023-p020")


@pytest.fixture
def mart(warehouse: duckdb.DuckDBPyConnection):
    return lambda name: warehouse.sql(f"from marts.{name}").df()


@pytest.mark.parametrize("project_id", MEASURED)
def test_a_basket_is_made_of_printed_shares_and_prices(
    warehouse: duckdb.DuckDBPyConnection, mart, project_id: str
) -> None:
    printed = warehouse.sql(
        f"select * from raw.liu_2023__projects where project_number = '{int(project_id[-3:])}'"
    ).df()
    shares = {oxide: float(printed[f"{oxide.lower()}_pct"].iloc[0].replace(",", ".")) for oxide in PRICES}
    basket = sum(shares[oxide] * price / 100 for oxide, price in PRICES.items())
    grade = float(printed["grade_wt_pct"].iloc[0].replace(",", "."))
    row = mart("fct_site_values").set_index("subject_id").loc[project_id]

    assert (row["price_release"], row["price_year"]) == ("MCS2024", 2023)
    assert row["basket_price_usd_per_kg"] == pytest.approx(basket, rel=1e-3)
    assert row["ore_value_usd_per_t"] == pytest.approx(10 * grade * basket, rel=1e-3)


def test_every_value_is_that_of_its_shares(mart) -> None:
    values = mart("fct_site_values").set_index("subject_id")
    best = mart("composition_best").assign(price=lambda rows: rows["oxide"].map(PRICES))
    best["value"] = best["closed_pct"] * best["price"] / 100
    best["filled"] = best["closed_pct"] * best["oxide"].map(PRICES | {"Pr6O11": 80}) / 100
    whole, priced = best.groupby("project_id"), best[best["price"].notna()].groupby("project_id")
    reported = best[best["value_origin"] == "reported"].groupby("project_id")[["value", "closed_pct"]].sum()
    is_other = whole["share_basis"].first() == "other"
    expected = pd.DataFrame(
        {
            "basket_price_usd_per_kg": whole["value"].sum(),
            "basket_price_filled_usd_per_kg": whole["filled"].sum(),
            "basket_price_reported_usd_per_kg": reported["value"],
            "priced_share_pct": priced["closed_pct"].sum(),
            "reported_share_pct": reported["closed_pct"],
        }
    ).fillna(0)
    of_projects = values[values["subject_kind"] == "project"]
    of_sites = values[values["subject_kind"] == "site"]
    valued = of_projects.loc[~is_other[of_projects.index], expected.columns]

    assert len(of_projects) == len(mart("dim_projects"))
    assert len(of_sites) == (~mart("dim_sites")["is_in_liu2023"]).sum()
    assert (of_projects.loc[is_other, "unvalued_reason"] == "shares_on_another_basis").all()
    assert of_projects.loc[is_other, "basket_price_usd_per_kg"].isna().all()
    assert 0 < is_other.sum() < 10
    pd.testing.assert_frame_equal(valued, expected.loc[valued.index], rtol=1e-4, check_names=False)
    # Who has read of basket prices knows them between 5 and 60 dollars.
    assert valued["basket_price_usd_per_kg"].between(5, 60).all()


def test_no_split_of_the_rest_leaves_the_bounds_of_the_index(mart) -> None:
    market = mart("rpt_concentration").set_index("market_id").loc["reserves:MCS2023:country"]
    shares = mart("rpt_concentration_shares").query("market_id == 'reserves:MCS2023:country'")
    amounts = shares.set_index("holder")["amount"]
    named = amounts.drop(["Other countries", "not known"]).fillna(0)
    others, unknown = amounts[["Other countries", "not known"]]
    rng = np.random.default_rng(7)
    indices = []
    for holders_of_rest in (1, 2, 50):
        for concentration in (0.01, 1.0, 100.0):
            of_others = others * rng.dirichlet([concentration] * holders_of_rest)
            everybody = np.concatenate([named, of_others])
            split = unknown * rng.dirichlet([concentration] * len(everybody))
            indices.append(((100 * (everybody + split) / amounts.sum()) ** 2).sum())
    to_the_largest = np.append(named, others)
    to_the_largest[to_the_largest.argmax()] += unknown

    assert amounts.sum() == pytest.approx(130_000_000)
    assert unknown == pytest.approx(130_000_000 - 125_690_000)
    assert market["hhi_lower"] < min(indices)
    assert max(indices) < market["hhi_upper"] + 1e-6
    assert market["hhi_upper"] == pytest.approx(((100 * to_the_largest / amounts.sum()) ** 2).sum())


def test_resources_and_plants_of_the_markets_are_those_of_their_tables(mart) -> None:
    markets = mart("rpt_concentration").set_index("market_id")
    plants, oxides = mart("dim_plants"), mart("rpt_plant_oxides")
    resources = mart("dim_projects")["resource_treo_t"]
    stated = oxides.sort_values("measure").drop_duplicates("plant_id").merge(plants, on="plant_id")
    stated["t"] = stated["made_high_t_per_year"].fillna(stated["contained_high_t_per_year"])
    by_stage = stated.groupby("stage")["t"].sum()
    weighed = markets.query("market == 'plant_oxides'")

    assert markets.loc["resource:country", "total_amount"] == pytest.approx(resources.sum())
    assert markets.loc["resource:country", "records_without_amount"] == resources.isna().sum()
    for kind in ("country", "company"):
        of_kind = weighed[weighed["holder_kind"] == kind].set_index("plant_stage")
        assert of_kind["total_amount"].to_dict() == pytest.approx(by_stage.to_dict())
        counted = markets[(markets["market"] == "plants") & (markets["holder_kind"] == kind)]
        counted = counted.set_index("plant_stage")
        assert counted["total_amount"].to_dict() == plants["stage"].value_counts().to_dict()
    # The plant of two groups is in no group's share.
    assert markets.loc["plants:trial production:company", "unknown_share_pct"] == pytest.approx(20)


def test_intervals_of_values_are_those_of_joint_draws(mart) -> None:
    values = mart("fct_site_values").set_index("subject_id")
    draws = mart("fct_composition_draws")
    draws["value"] = draws["oxide"].map(PRICES) * draws["share_pct"] / 100
    sums = draws.groupby(["subject_id", "draw"])["value"].sum().groupby("subject_id")
    drawn = values[(values["draws"] > 0) & values["unvalued_reason"].isna()]

    assert len(drawn) > 50
    for end, fraction in (("lower_90", 0.05), ("lower_80", 0.1), ("upper_80", 0.9), ("upper_90", 0.95)):
        quantiles = sums.quantile(fraction)[drawn.index]
        assert drawn[f"basket_price_{end}_usd_per_kg"].tolist() == pytest.approx(quantiles.tolist(), rel=1e-4)
    inside = drawn.eval(
        "basket_price_lower_90_usd_per_kg <= basket_price_usd_per_kg <= basket_price_upper_90_usd_per_kg"
    )
    assert inside.mean() > 0.98


def test_draws_taken_apart_would_make_other_intervals(mart) -> None:
    """Oxides of one draw go together: to shuffle each oxide by itself changes the spread of the value."""
    draws = mart("fct_composition_draws")
    draws["value"] = draws["oxide"].map(PRICES) * draws["share_pct"] / 100
    table = draws.pivot(index=["subject_id", "draw"], columns="oxide", values="value")[list(PRICES)]
    joint = table.sum(axis=1).groupby("subject_id").std()
    apart = np.sqrt((table.groupby("subject_id").std() ** 2).sum(axis=1))

    assert (joint / apart).median() != pytest.approx(1, abs=0.05)


def test_tonnes_of_a_country_and_stage_are_those_of_its_projects(mart) -> None:
    projects = mart("dim_projects").merge(mart("dim_locations"), on="location_id")
    chosen = projects.query("country_name == 'Australia' and stage == 'exploration'")
    resources = chosen.set_index("project_id")["resource_treo_t"].dropna()
    best = mart("composition_best").query("oxide == 'Dy2O3' and share_basis != 'other'")
    best = best.set_index("project_id").reindex(resources.index).dropna(subset="closed_pct")
    tonnes = best["closed_pct"] * resources[best.index] / 100
    is_reported = best["value_origin"] == "reported"
    draws = mart("fct_composition_draws").query("oxide == 'Dy2O3'").set_index("subject_id")
    open_ids = [one for one in best.index[~is_reported] if one in draws.index]
    drawn = sum(
        draws.loc[one].set_index("draw")["share_pct"] * resources[one] / 100 - tonnes[one] for one in open_ids
    )
    row = mart("rpt_supply_potential").set_index("supply_id").loc["project:Dy2O3:Australia:exploration"]

    assert len(open_ids) > 1
    assert row["subjects"] == len(best)
    assert row["contained_reported_t"] == pytest.approx(tonnes[is_reported].sum())
    assert row["contained_predicted_t"] == pytest.approx(tonnes[~is_reported].sum())
    assert row["contained_upper_90_t"] == pytest.approx(tonnes.sum() + drawn.quantile(0.95), rel=1e-6)


def test_tonnes_of_all_oxides_are_the_resource(mart) -> None:
    supply = mart("rpt_supply_potential").query("subject_kind == 'project'")
    of_oxide = supply[supply["oxide"] == "La2O3"]
    values = mart("fct_site_values").query("subject_kind == 'project' and unvalued_reason.isna()")

    assert of_oxide["resource_treo_t"].sum() == pytest.approx(values["resource_treo_t"].sum())
    assert of_oxide["subjects"].sum() == values["resource_treo_t"].count()
    assert supply["contained_t"].sum() == pytest.approx(values["resource_treo_t"].sum(), rel=0.01)
