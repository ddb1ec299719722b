"""What dbt's tests hold between columns and tables: each damage turns its test red."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.build.run import BuildSummary

DAMAGES = [
    (
        "update ree.marts.fct_site_values set basket_price_upper_90_usd_per_kg = 1 where draws > 0",
        "value_intervals_hold_each_other",
    ),
    (
        "update ree.marts.fct_site_values set draws = 0 where reported_share_pct = 0",
        "value_intervals_hold_each_other",
    ),
    (
        "update ree.marts.rpt_supply_potential set contained_predicted_t = 2 * contained_predicted_t",
        "value_intervals_hold_each_other",
    ),
    (
        "update ree.marts.rpt_supply_potential set contained_lower_90_t = 0",
        "value_intervals_hold_each_other",
    ),
    (
        "update ree.marts.rpt_concentration_shares set market_share_pct = 2 * market_share_pct "
        "where holder = 'China' and release = 'MCS2025'",
        "market_shares_close",
    ),
    (
        "update ree.marts.rpt_concentration set hhi_upper = hhi_lower where release = 'MCS2023'",
        "market_shares_close",
    ),
    (
        "delete from ree.marts.rpt_concentration where market = 'plant_oxides'",
        "market_shares_close",
    ),
    (
        "update ree.marts.fct_site_values set basket_price_usd_per_kg = 9 where project_id = 'liu2023-p001'",
        "values_or_reasons",
    ),
    (
        "update ree.marts.fct_site_values set unvalued_reason = null where unvalued_reason is not null",
        "values_or_reasons",
    ),
    (
        "update ree.marts.dim_projects set grade_treo_wt_pct = 140 where project_number = 1",
        "within_range_dim_projects_grade_treo_wt_pct__100__True__0",
    ),
    (
        "update ree.marts.dim_projects set hree_reported_pct = -1 where project_number = 1",
        "within_range_dim_projects_hree_reported_pct__100__0",
    ),
    (
        "update ree.marts.dim_projects set location_id = null where project_number = 1",
        "not_null_dim_projects_location_id",
    ),
    (
        "update ree.marts.dim_locations set country_iso3 = null where location_id in "
        "(select location_id from ree.marts.dim_projects where project_number = 1)",
        "projects_have_a_country",
    ),
    (
        "update ree.marts.dim_locations set locality = 'south central Thailand' "
        "where location_text = 'South Central Thailand'",
        "place_kinds_fit_their_columns",
    ),
    (
        "update ree.marts.dim_locations set admin1_iso = null where location_text = 'Dubbo, New South Wales, "
        "Australia'",
        "place_kinds_fit_their_columns",
    ),
    (
        "update ree.marts.dim_locations set locality = 'Southern Africa' where locality = 'Saldanha'",
        "localities_are_local",
    ),
    (
        "update ree.marts.dim_locations set locality = 'Quebec' where locality = 'Nunavik'",
        "localities_are_local",
    ),
    (
        "update ree.marts.dim_locations set locality = 'Gascoyne' where locality = 'Nolans'",
        "localities_are_local",
    ),
    (
        "update ree.marts.dim_locations set admin1_iso = 'US-MT' where admin1_iso = 'MX-COA'",
        "divisions_are_of_their_country",
    ),
    (
        "update ree.staging.divisions set country_iso2 = 'CN' where admin1_iso = 'AU-WA'",
        "divisions_are_of_their_country",
    ),
    (
        "update ree.staging.divisions set continent_of_place = null where admin1_iso = 'RU-SA'",
        "divisions_have_a_continent",
    ),
    (
        "update ree.staging.divisions set continent_of_place = 'Europe' where admin1_iso = 'SE-F'",
        "divisions_have_a_continent",
    ),
    (
        "update ree.staging.countries set subregion = 'Eastern Asia' where country_iso2 = 'KZ'",
        "subregions_have_one_code",
    ),
    (
        "insert into ree.marts.fct_production select * replace ('MCS2024' as release) "
        "from ree.marts.fct_production where release = 'MCS2023' and year = 2022",
        "unique_combination_fct_production_area_name__year__release",
    ),
    (
        "insert into ree.marts.fct_reserves select * replace ('MCS2024' as release) "
        "from ree.marts.fct_reserves where release = 'MCS2023'",
        "unique_combination_fct_reserves_area_name__release",
    ),
    (
        "insert into ree.marts.fct_prices select * replace ('MCS2024' as release) "
        "from ree.marts.fct_prices where release = 'MCS2025'",
        "unique_combination_fct_prices_product__year__release",
    ),
    (
        "update ree.marts.dim_scenario_parameters set default_value = 99 where parameter = 'ramp_years'",
        "ranges_hold_their_default_dim_scenario_parameters_",
    ),
    (
        "update ree.marts.fct_scenario_balance set unmet_t = unmet_t / 2",
        "demand_is_accounted_for_fct_scenario_balance_",
    ),
    (
        "update ree.marts.fct_scenario_balance set surplus_t = 0",
        "demand_is_accounted_for_fct_scenario_balance_",
    ),
    (
        "update ree.marts.fct_scenario_projects set produced_treo_t = 2 * recoverable_treo_t",
        "produced_is_recoverable_fct_scenario_projects_",
    ),
    (
        "update ree.marts.fct_scenario_projects set start_year = 2025 where scenario_role = 'called_on'",
        "produced_is_recoverable_fct_scenario_projects_",
    ),
    (
        "update ree.marts.fct_prices set is_latest_release = true where release = 'MCS2022'",
        "one_release_is_the_latest",
    ),
    (
        "update ree.marts.fct_production set is_latest_release = false where release = 'MCS2025'",
        "one_release_is_the_latest",
    ),
    (
        "update ree.marts.fct_trade set net_weight_kg = 0 where net_weight_status = 'not_available'",
        "trade_weights_fit_their_status",
    ),
    (
        "update ree.marts.fct_trade set net_weight_status = 'reported' where year = 2020",
        "trade_weights_fit_their_status",
    ),
    (
        "insert into ree.marts.fct_trade from ree.marts.fct_trade where partner_kind = 'world'",
        "unique_combination_fct_trade_retrieval__reporter_code__partner_code__trade_flow__hs_code__year",
    ),
    (
        "update ree.marts.fct_trade set partner_kind = 'region' where partner_kind = 'world'",
        "accepted_values_fct_trade_partner_kind__country__world",
    ),
    (
        "update ree.marts.fct_trade set trade_value_usd = 1000 * trade_value_usd where partner_iso3 = 'CHN'",
        "trade_fits_its_total",
    ),
    (
        "update ree.marts.fct_trade set value_usd_per_kg = value_usd_per_kg / 1000",
        "within_range_fct_trade_value_usd_per_kg__1000__0_5",
    ),
    (
        "update ree.marts.fct_reserves set reserves_treo_t = 0 where value_status = 'not_available'",
        "status_fits_number_fct_reserves_reserves_treo_t",
    ),
    (
        "update ree.marts.fct_reserves set reserves_treo_t = 0, value_status = 'zero' "
        "where reserves_as_published = 'NA'",
        "not_available_is_no_number",
    ),
    (
        "update ree.marts.fct_reserves set country_iso3 = 'NAM', area_name = 'Namibia' "
        "where reserves_as_published = 'NA' and country_iso3 = 'MMR'",
        "not_available_is_no_number",
    ),
    (
        "update ree.marts.fct_production set value_status = 'reported' where mine_production_treo_t = 0",
        "status_fits_number_fct_production_mine_production_treo_t",
    ),
    (
        "update ree.marts.fct_production set mine_production_treo_t = 1000 * mine_production_treo_t",
        "within_range_fct_production_mine_production_treo_t__1000000__0",
    ),
    (
        "update ree.marts.fct_reserves set reserves_treo_t = 1000 * reserves_treo_t",
        "within_range_fct_reserves_reserves_treo_t__1000000000__0",
    ),
    (
        "update ree.marts.fct_prices set price_usd_per_kg = 1000 * price_usd_per_kg",
        "within_range_fct_prices_price_usd_per_kg__10000__True__0",
    ),
    (
        "update ree.intermediate.int_world_totals set is_within_rounding = false "
        "where total_of = 'mine_production' and year = 2024",
        "world_production_is_that_of_its_countries",
    ),
    (
        "update ree.staging.stg_usgs_mcs__us_production set printed_number = 42400 "
        "where release = 'MCS2023' and year = 2021",
        "both_tables_print_one_us_production",
    ),
    (
        "update ree.marts.dim_locations set admin1_iso = 'CN-SC', admin1_name = 'Sichuan' "
        "where location_id = 'loc-liu2023-f19'",
        "one_site_one_division",
    ),
    (
        "update ree.marts.dim_locations set admin1_iso = null where location_id = 'loc-liu2023-p023'",
        "one_site_one_division",
    ),
    (
        "update ree.marts.dim_locations set admin1_iso = null, mapping_judgement = 'as_stated' "
        "where location_id = 'loc-liu2023-p144'",
        "one_cell_one_division",
    ),
    (
        "update ree.staging.deposit_type_spellings set deposit_type_id = null "
        "where deposit_type_text = 'Carbonatite'",
        "not_null_deposit_type_spellings_deposit_type_id",
    ),
    (
        "update ree.marts.dim_references set doi = 'https://doi.org/10.1360/TB-2020-0432' "
        "where reference_key = 'fan_2020'",
        "dois_have_their_form",
    ),
    (
        "update ree.marts.dim_references set title_evidence = null where reference_key = 'fan_2020'",
        "titles_have_evidence",
    ),
    (
        "update ree.marts.dim_references set title_evidence_url = null where reference_key = 'chau_2017'",
        "titles_have_evidence",
    ),
    (
        "update ree.marts.fct_plant_capacities set oxide_sum = 'made' "
        "where plant_id = 'liu2023-f14' and figure_position = 2",
        "oxide_counts_once_fct_plant_capacities_",
    ),
    (
        "update ree.marts.fct_plant_capacities set oxide_sum = null where plant_id = 'liu2023-f02'",
        "oxide_counts_once_fct_plant_capacities_",
    ),
    (
        "update ree.marts.fct_plant_capacities set parent_figure_position = null "
        "where plant_id = 'liu2023-f22' and figure_position = 1",
        "oxide_counts_once_fct_plant_capacities_",
    ),
    (
        "update ree.marts.fct_plant_capacities set amount_high_t = 13000 "
        "where plant_id = 'liu2023-f14' and figure_position = 2",
        "parts_do_not_exceed_their_total_fct_plant_capacities_",
    ),
    (
        "update ree.staging.companies set parent_company_id = 'apatit' where company_id = 'acron'",
        "groups_have_one_head",
    ),
    (
        "delete from ree.staging.table_year_stages where record_id = 'liu2023-f45'",
        "table_year_stages_are_read",
    ),
    (
        "update ree.staging.table_year_stages set stage_code = '5' where record_id = 'liu2023-f11'",
        "table_year_stages_are_read",
    ),
    (
        "insert into ree.quality.unmapped_values (value_kind, value_as_published) "
        "values ('location', 'Tycho')",
        "is_empty_unmapped_values_",
    ),
    (
        "update ree.marts.fct_compositions set share_of_treo_pct = 9 "
        "where composition_id = 'liu_2023-p001' and oxide = 'Lu2O3'",
        "hree_equals_sum_of_heavy_shares",
    ),
    (
        "update ree.marts.composition_best set best_pct = 30 "
        "where composition_id = 'weng_2015-Araxá' and oxide = 'La2O3'",
        "published_shares_are_kept",
    ),
    (
        "update ree.marts.dim_compositions set is_chosen = true where composition_id = 'liu_2023-p040'",
        "one_is_chosen_dim_compositions_",
    ),
    (
        "update ree.marts.dim_compositions set is_chosen = false where composition_id = 'liu_2023-p001'",
        "one_is_chosen_dim_compositions_",
    ),
    (
        "update ree.marts.dim_compositions set reason = null where composition_id = 'liu_2023-p119'",
        "compositions_are_reviewed",
    ),
    (
        "update ree.marts.rpt_composition_noise set verdict = null where composition_id = 'liu_2023-p040'",
        "pairs_apart_are_judged",
    ),
    (
        "delete from ree.marts.rpt_composition_noise where composition_id = 'liu_2023-p040'",
        "pairs_apart_are_judged",
    ),
    (
        "delete from ree.marts.fct_compositions where project_id = 'liu2023-p004' and oxide = 'Lu2O3'",
        "one_row_per_composition_and_oxide_fct_compositions_",
    ),
    (
        "delete from ree.marts.fct_compositions where project_id = 'liu2023-p004'",
        "one_row_per_composition_and_oxide_fct_compositions_",
    ),
    (
        "delete from ree.marts.composition_best where project_id = 'liu2023-p004' and oxide = 'Lu2O3'",
        "one_row_per_project_and_oxide_composition_best_",
    ),
    (
        "update ree.marts.composition_best set best_pct = 50 "
        "where project_id = 'liu2023-p001' and oxide = 'La2O3'",
        "published_shares_are_kept",
    ),
    (
        "update ree.marts.composition_best set value_origin = 'completed' "
        "where project_id = 'liu2023-p001' and oxide = 'La2O3'",
        "published_shares_are_kept",
    ),
    (
        "update ree.marts.composition_best set best_pct = 0, value_origin = 'reported' "
        "where project_id = 'liu2023-p040' and oxide = 'Pr6O11'",
        "published_shares_are_kept",
    ),
    (
        "update ree.marts.composition_best set is_imputed_zero = false "
        "where project_id = 'liu2023-p001' and oxide = 'Lu2O3'",
        "published_shares_are_kept",
    ),
    (
        "update ree.marts.composition_best set best_pct = 0, lower_90_pct = 0 "
        "where project_id = 'liu2023-p066' and oxide = 'Gd2O3'",
        "no_best_share_is_zero",
    ),
    (
        "update ree.marts.composition_best set upper_90_pct = null "
        "where project_id = 'liu2023-p066' and oxide = 'Gd2O3'",
        "no_best_share_is_zero",
    ),
    (
        "update ree.marts.composition_best set closed_pct = best_pct where project_id = 'liu2023-p052'",
        "best_shares_close",
    ),
    (
        "update ree.marts.composition_best set closed_pct = 1.001 * closed_pct "
        "where project_id = 'liu2023-p040' and oxide = 'Lu2O3'",
        "best_shares_close",
    ),
    (
        "update ree.marts.composition_best set share_basis = 'treo' where project_id = 'liu2023-p113'",
        "best_shares_close",
    ),
    (
        "update ree.marts.composition_best set is_extrapolated = false where project_id = 'liu2023-p113'",
        "another_basis_is_extrapolated",
    ),
    (
        "update ree.marts.fct_plant_capacities set amount_low_t_per_year = 1e9 "
        "where plant_id = 'liu2023-f01'",
        "yearly_capacities_are_in_order",
    ),
    (
        "update ree.marts.fct_plant_capacities set amount_low_t_per_year = 0 where plant_id = 'liu2023-f01'",
        "within_range_fct_plant_capacities_amount_low_t_per_year__True__0",
    ),
    (
        "delete from ree.marts.fct_composition_predictions where project_id = 'liu2023-p004' "
        "and oxide = 'Lu2O3'",
        "predictions_cover_every_project_fct_composition_predictions_",
    ),
    (
        "update ree.marts.fct_composition_predictions set predicted_pct = predicted_pct * 1.01 "
        "where project_id = 'liu2023-p004'",
        "predictions_cover_every_project_fct_composition_predictions_",
    ),
    (
        "update ree.marts.fct_composition_predictions set lower_90_pct = -0.1 "
        "where project_id = 'liu2023-p004' and oxide = 'Lu2O3'",
        "within_range_fct_composition_predictions_lower_90_pct__100__0",
    ),
    (
        "update ree.marts.fct_composition_predictions set upper_90_pct = 100.1 "
        "where project_id = 'liu2023-p004' and oxide = 'Lu2O3'",
        "within_range_fct_composition_predictions_upper_90_pct__100__0",
    ),
    (
        "update ree.marts.fct_composition_predictions set predicted_pct = 4 * predicted_pct "
        "where project_id = 'liu2023-p004' and oxide = 'Ho2O3'",
        "predicted_patterns_are_plausible",
    ),
    (
        "update ree.marts.fct_site_predictions set predicted_pct = 20 * predicted_pct "
        "where site_id = (select min(site_id) from ree.marts.fct_site_predictions) and oxide = 'Lu2O3'",
        "predicted_patterns_are_plausible",
    ),
    (
        "delete from ree.marts.fct_site_predictions where oxide = 'Lu2O3' "
        "and site_id = (select min(site_id) from ree.marts.fct_site_predictions)",
        "predictions_cover_every_site_fct_site_predictions_",
    ),
    (
        "delete from ree.marts.fct_composition_draws where subject_id = 'liu2023-p004'",
        "draws_are_whole_fct_composition_draws_",
    ),
    (
        "update ree.marts.fct_composition_draws set share_pct = share_pct + 0.001 "
        "where subject_id = 'liu2023-p004' and draw = 7 and oxide = 'Lu2O3'",
        "draws_are_whole_fct_composition_draws_",
    ),
    *(
        (
            f"update ree.marts.fct_project_minerals set {weak} "
            "where project_id = 'liu2023-p001' and rank = 1",
            "stated_is_citable_fct_project_minerals_ref_weak_reference_marks_",
        )
        for weak in (
            "reference_url = 'http://rocks.blogspot.com/2011'",
            "reference_url = 'http://218.28.6.71/list'",
            "reference_url = 'http://mine.example:81/list'",
            "reference_url = 'http://934503.example.org/paper'",
            "reference_url = 'mine.example/page'",
            "reference = 'Wiki article on the mine'",
        )
    ),
    (
        "update ree.marts.fct_project_minerals set evidence_independence = 'likely' "
        "where project_id = 'liu2023-p001' and rank = 1",
        "accepted_values_fct_project_minerals_evidence_independence__independent__same_source__"
        "states_composition__unknown__no_reference",
    ),
    (
        "update ree.marts.fct_project_minerals set adjudication = 'agreed' where project_id = 'liu2023-p041'",
        "judged_labels_are_those_of_the_mart",
    ),
    (
        "update ree.marts.fct_project_minerals set mineral = 'monazite' "
        "where project_id = 'liu2023-p083' and rank = 1",
        "judged_labels_are_those_of_the_mart",
    ),
]


@pytest.fixture(scope="module")
def copy(built: BuildSummary) -> duckdb.DuckDBPyConnection:
    """The tables of the built file, without keys and in memory."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as ree")
    with duckdb.connect(str(built.output), read_only=True) as file:
        tables = file.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            connection.register("rows", file.execute(f"select * from {schema}.{table}").to_arrow_table())
            connection.execute(f"create schema if not exists ree.{schema}")
            connection.execute(f"create table ree.{schema}.{table} as from rows")
    return connection


@pytest.mark.parametrize(("damage", "name"), DAMAGES)
def test_a_damage_turns_its_test_red(
    copy: duckdb.DuckDBPyConnection, compiled_tests: dict[str, str], damage: str, name: str
) -> None:
    test = compiled_tests[name]
    assert copy.execute(test).fetchone() is None

    copy.execute("begin")
    copy.execute(damage)
    failures = copy.execute(test).fetchall()
    copy.execute("rollback")

    assert failures
