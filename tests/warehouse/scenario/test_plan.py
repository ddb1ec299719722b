"""Plans worked out by hand, and what holds of all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warehouse.scenario.worlds import BASE_YEAR, OXIDES, parameters, project, world
from warehouse.scenario.demand import Row, demand_of
from warehouse.scenario.parameters import Parameters
from warehouse.scenario.plan import Plan, drawn, make_plan
from warehouse.scenario.result import work_out
from warehouse.scenario.supply import suppliers
from warehouse.scenario.world import World

ND = {"Nd2O3": 0.2, "Ce2O3": 0.8}
DY = {"Dy2O3": 0.5, "Nd2O3": 0.1, "Y2O3": 0.4}

# All of the resource is mined and won, over ten years, with two years to full work from the second year on.
PLAIN = {
    "mineable_share_pct": 100,
    "recovery_hard_rock_pct": 100,
    "mine_life_unknown_ore_years": 10,
    "ramp_years": 2,
    "delay_construction_years": 2,
    "delay_feasibility_years": 4,
}


def ask(*rows: tuple[str, int, float], basis: str = "oxide") -> list[Row]:
    return [Row(item, year, amount, basis, line) for line, (item, year, amount) in enumerate(rows, 2)]


def plan_of(rows: list[Row], there: World, chosen: Parameters) -> Plan:
    demand = demand_of(rows, OXIDES, BASE_YEAR, interpolate=True)
    return make_plan(demand, suppliers(there, chosen), chosen)


def two_projects() -> World:
    """A mines 100 t of oxide a year from 2026, B 50 t from 2028; both have a mine life of ten years."""
    return world(
        project("b", stage="feasibility", resource_treo_t=500.0),
        project("a"),
        shares={"a": ND, "b": DY},
    )


def test_two_projects_by_hand() -> None:
    rows = ask(("Nd2O3", 2026, 10.0), ("Nd2O3", 2030, 30.0))
    found = work_out(rows, two_projects(), parameters(**PLAIN))

    # Wanted: 10, 15, 20, 25, 30. A starts in 2026, as soon as it can, at half, then yields 20 t of Nd oxide
    # a year. What lacks first after it is 5 t in 2029: B, of 5 t a year, starts in 2028 to be there in full.
    balance = found.balance.set_index("year")
    assert balance["demand_t"].to_dict() == {2026: 10, 2027: 15, 2028: 20, 2029: 25, 2030: 30}
    assert balance["supplied_t"].to_dict() == {2026: 10, 2027: 15, 2028: 20, 2029: 25, 2030: 25}
    assert balance["unmet_t"].to_dict() == {2026: 0, 2027: 0, 2028: 0, 2029: 0, 2030: 5}
    assert balance["surplus_t"].to_dict() == {2026: 0, 2027: 5, 2028: 2.5, 2029: 0, 2030: 0}
    assert found.first_met == {"Nd2O3": 2026}
    projects = found.projects.set_index("project_id")
    assert projects["start_year"].to_dict() == {"a": 2026, "b": 2028}
    assert projects["first_supply_year"].to_dict() == {"a": 2026, "b": 2029}
    assert projects["rate_treo_t_per_year"].to_dict() == {"a": 100, "b": 50}
    assert projects["produced_treo_t"].to_dict() == {"a": 450, "b": 125}


def test_who_is_not_needed_does_not_start() -> None:
    found = work_out(ask(("Nd2O3", 2030, 20.0)), two_projects(), parameters(**PLAIN))

    assert found.projects.set_index("project_id")["scenario_role"].to_dict() == {
        "a": "called_on",
        "b": "not_needed",
    }
    # In full by 2030, and not before 2029.
    assert found.projects["start_year"].dropna().tolist() == [2029]


def test_who_yields_nothing_of_what_is_unmet_is_not_called_on() -> None:
    found = work_out(ask(("Dy2O3", 2030, 20.0)), two_projects(), parameters(**PLAIN))

    assert found.projects.set_index("project_id")["scenario_role"].to_dict() == {
        "a": "not_needed",
        "b": "called_on",
    }


def test_a_project_yields_all_its_oxides_at_once() -> None:
    rows = ask(("Dy2O3", 2030, 25.0), ("Nd2O3", 2030, 4.0))
    found = work_out(rows, two_projects(), parameters(**PLAIN))

    # A comes first in order and is called on for neodymium; B for dysprosium, with 5 t of neodymium beside.
    cells = found.balance.set_index("item")
    assert cells["unmet_t"].to_dict() == {"Dy2O3": 0, "Nd2O3": 0}
    assert cells["surplus_t"].to_dict() == {"Dy2O3": 0, "Nd2O3": 21}


def test_all_that_is_produced_is_told_by_oxide() -> None:
    there = two_projects()
    drawn_there = replace(there, draws=np.stack([there.shares, there.shares * 1.2]))
    found = work_out(ask(("Nd2O3", 2030, 30.0)), drawn_there, parameters(**PLAIN)).oxides

    made = found[found["year"] == 2030].set_index("oxide")
    assert made["produced_t"][made["produced_t"] > 0].to_dict() == {
        "Ce2O3": 80,
        "Nd2O3": 25,
        "Dy2O3": 25,
        "Y2O3": 20,
    }
    assert made["produced_lower_90_t"]["Nd2O3"] == pytest.approx(25.25)
    assert made["produced_upper_90_t"]["Nd2O3"] == pytest.approx(29.75)
    assert len(found) == 15 * 6


def test_an_element_is_less_than_its_oxide() -> None:
    rows = ask(("Nd", 2030, 20.0), basis="element")
    found = work_out(rows, two_projects(), parameters(**PLAIN))

    assert found.balance["available_t"].tolist() == [pytest.approx((20 + 5) / 1.1664)]


def test_production_ends_with_the_resource() -> None:
    plan = plan_of(
        ask(("Nd2O3", 2026, 20.0), ("Nd2O3", 2040, 20.0)),
        world(project("a"), shares={"a": ND}),
        parameters(**PLAIN),
    )

    assert plan.production.sum() == pytest.approx(1000)
    assert plan.production[0].tolist() == [0, 50, *[100] * 9, 50, *[0] * 4]


def test_refining_cuts_the_last_in_order() -> None:
    rows = ask(("Nd2O3", 2030, 100.0))
    plan = plan_of(rows, two_projects(), parameters(**PLAIN, refining_capacity_treo_t_per_year=120))

    assert plan.production[:, -1].tolist() == [100, 20]


def test_recycled_material_is_asked_of_no_mine() -> None:
    found = work_out(ask(("Nd2O3", 2030, 30.0)), two_projects(), parameters(**PLAIN, recycled_pct=50))

    assert found.balance[["recycled_t", "supplied_t", "unmet_t"]].to_numpy().tolist() == [[15, 15, 0]]


def test_production_of_a_country_is_that_of_its_projects_at_work_by_resource() -> None:
    there = world(
        project("a", is_at_work=True, resource_treo_t=300.0),
        project("b", is_at_work=True, resource_treo_t=100.0),
        project("c", is_at_work=True, resource_treo_t=None),
        project("d", is_at_work=True, resource_treo_t=None, country_iso3="MMR"),
        project("e", is_at_work=True, country_iso3="CAN"),
        project("f"),
        shares=dict.fromkeys("abcdef", ND),
        production={"AUS": 40.0, "MMR": 7.0, "NGA": 9.0},
    )

    assert there.placed_production.tolist() == [30, 10, 0, 7, 0, 0]
    found = work_out(ask(("Nd2O3", 2026, 1.0)), there, parameters())
    stages = found.projects.set_index("project_id")["scenario_stage"].to_dict()
    assert stages == {
        "a": "production",
        "b": "production",
        "d": "production",
        "c": "restart",
        "e": "restart",
        "f": "construction",
    }
    assert (found.counted_t, found.uncounted_t) == (47, 9)


def test_order_is_stage_then_value_then_resource() -> None:
    there = world(
        project("late", stage="exploration", ore_value_usd_per_t=900.0),
        project("poor", ore_value_usd_per_t=10.0),
        project("unknown_small"),
        project("unknown_large", resource_treo_t=5000.0),
        project("rich", ore_value_usd_per_t=90.0, basket_price_usd_per_kg=1.0),
        project("idle", stage="not used"),
        project("empty", resource_treo_t=None),
        project("announced", stage="exploration", announced_year=2040),
        shares=dict.fromkeys(
            ("late", "poor", "unknown_small", "unknown_large", "rich", "idle", "empty", "announced"), ND
        ),
    )
    table = suppliers(there, parameters()).table

    assert table["project_id"].tolist()[:6] == [
        "rich",
        "poor",
        "unknown_large",
        "unknown_small",
        "announced",
        "late",
    ]
    assert table.set_index("project_id")["left_out_reason"].dropna().to_dict() == {
        "idle": "stage is left out",
        "empty": "states no resource",
    }
    # A year announced later than the delay counts.
    assert table.set_index("project_id")["earliest_year"]["announced"] == 2040


def test_the_rate_is_the_capacity_or_taylors_rule_up_to_the_largest() -> None:
    there = world(
        project("known", capacity_treo_t_per_year=77.0),
        project("rule", resource_treo_t=1e6, ore_t=1e8),
        project("giant", resource_treo_t=1e9, ore_t=1e10),
        shares=dict.fromkeys(("known", "rule", "giant"), ND),
    )
    chosen = parameters(mineable_share_pct=50, recovery_hard_rock_pct=40, largest_rate_treo_t_per_year=30000)
    table = suppliers(there, chosen).table.set_index("project_id")

    # 5e7 t of ore last 0.2 * 5e7 ** 0.25 = 16.8 years; 2e5 t of oxide are won.
    assert table["rate_treo_t_per_year"].to_dict() == {
        "known": 77,
        "rule": pytest.approx(2e5 / 16.8179, rel=1e-4),
        "giant": 30000,
    }
    without = suppliers(there, chosen.with_value("use_known_capacity", 0)).table.set_index("project_id")
    assert without["rate_basis"]["known"] == "usual mine life"


def test_how_sure_is_the_share_of_the_draws() -> None:
    there = world(
        project("a"),
        shares={"a": ND},
        draws=[{"a": {"Nd2O3": share}} for share in (0.1, 0.15, 0.19, 0.3)],
    )
    found = work_out(ask(("Nd2O3", 2030, 20.0)), there, parameters(**PLAIN))

    cell = found.balance.iloc[0]
    # Unmet are 10, 5, 1 and 0 t; with the best composition nothing is.
    assert cell["met_in_draws_pct"] == 25
    assert cell["unmet_t"] == 0
    assert cell["unmet_median_t"] == pytest.approx(3)
    assert cell["unmet_upper_90_t"] == pytest.approx(9.25)


amounts = st.floats(0, 200)
worlds = st.builds(
    lambda resources, stages, heavy: world(
        *(
            project(str(place), resource_treo_t=resource, stage=stage, ore_value_usd_per_t=resource % 7)
            for place, (resource, stage) in enumerate(zip(resources, stages, strict=True))
        ),
        project("old", is_at_work=True, country_iso3="CHN"),
        shares={**{str(place): DY if heavy[place] else ND for place in range(3)}, "old": ND},
        production={"CHN": 60.0},
    ),
    st.lists(st.floats(1, 5000), min_size=3, max_size=3),
    st.lists(st.sampled_from(["construction", "feasibility", "exploration"]), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(worlds, amounts, amounts, amounts, st.floats(1, 3))
def test_supplied_and_unmet_are_the_demand_and_more_demand_leaves_no_less_unmet(
    there: World, nd_first: float, nd_last: float, dy: float, times: float
) -> None:
    chosen = parameters(**PLAIN)
    rows = ask(("Nd2O3", 2027, nd_first), ("Nd2O3", 2045, nd_last), ("Dy2O3", 2034, dy))
    plan = plan_of(rows, there, chosen)

    np.testing.assert_allclose(plan.supplied.sum(axis=0) + plan.unmet, plan.wanted, atol=1e-9)
    assert (plan.supplied <= plan.available + 1e-9).all()
    able = suppliers(there, chosen)
    recoverable = able.table["recoverable_treo_t"].to_numpy()[: able.count]
    assert (plan.production.sum(axis=1) <= recoverable * (1 + 1e-9)).all()
    more = plan_of([*rows[:1], Row("Nd2O3", 2045, nd_last * times, "oxide", 3), *rows[2:]], there, chosen)
    assert (more.unmet >= plan.unmet - 1e-6).all()
    wide = plan_of([Row(r.item, r.year, r.demand_t * times, r.basis, r.line) for r in rows], there, chosen)
    assert (wide.unmet >= plan.unmet - 1e-6).all()


def test_a_draw_that_is_the_best_composition_leaves_what_the_plan_leaves() -> None:
    chosen = parameters(**PLAIN)
    rows = ask(("Nd2O3", 2026, 10.0), ("Nd2O3", 2030, 30.0))
    demand = demand_of(rows, OXIDES, BASE_YEAR, interpolate=True)
    able = suppliers(two_projects(), chosen)
    plan = make_plan(demand, able, chosen)

    np.testing.assert_allclose(drawn(plan, demand, able)[0], plan.unmet)


def test_sensitivity_moves_one_parameter_at_a_time() -> None:
    rows = ask(("Nd2O3", 2026, 10.0), ("Nd2O3", 2030, 30.0))
    chosen = parameters(**PLAIN)
    found = work_out(rows, two_projects(), chosen, with_sensitivity=True).sensitivity

    assert found is not None
    cells = found.set_index(["parameter", "range_end"])
    assert cells.loc[("none", "as_is"), "unmet_total_t"] == 5
    # Ten times two ends, less those whose end is the value in force.
    moved = {
        (one.parameter, end)
        for one in chosen.known
        for end in ("low", "high")
        if getattr(one, f"{end}_value") != chosen[one.parameter]
    }
    assert set(cells.index) == moved | {("none", "as_is")}
    later = work_out(rows, two_projects(), chosen.with_value("delay_construction_years", 5))
    assert cells.loc[("delay_construction_years", "high"), "unmet_total_t"] == pytest.approx(
        later.balance["unmet_t"].sum()
    )
    assert cells.loc[("delay_construction_years", "high"), "unmet_change_t"] == pytest.approx(
        later.balance["unmet_t"].sum() - 5
    )
