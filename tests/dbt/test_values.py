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
    valued = of_projects.loc[~is_other[of_projects.index], expected.columns]

    assert len(of_projects) == len(mart("dim_projects"))
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
