{% set plant_amounts = {'plants': '1', 'plant_oxides': 'oxide_t_per_year'} %}
{% set plant_holders = {'country': 'country_name', 'company': 'group_company_name'} %}
{% set resources = {
    'resource': "subject_kind = 'project'", 'resource_all_sites': 'possible_duplicate_of is null'
} %}
{% for market, subjects in resources.items() %}
select
    '{{ market }}' as market,
    cast(null as string) as plant_stage,
    cast(null as string) as release, -- noqa: RF04
    cast(null as int) as year, -- noqa: RF04
    'country' as holder_kind,
    country_name as holder,
    resource_treo_t as amount,
    false as is_others
from {{ ref('int_subjects') }}
where {{ subjects }}
union all
{% endfor %}
select
    'mines_at_work' as market,
    null as plant_stage,
    null as release, -- noqa: RF04
    null as year, -- noqa: RF04
    'country' as holder_kind,
    subjects.country_name as holder,
    1 as amount,
    false as is_others
from {{ ref('int_subjects') }} as subjects
inner join {{ ref('dim_projects') }} as projects on subjects.project_id = projects.project_id
where projects.is_at_work
group by subjects.site_id, subjects.country_name
{% for market, table, amount, condition in [
    ('mine_production', 'fct_production', 'mine_production_treo_t', "printed_in <> 'united_states'"),
    ('reserves', 'fct_reserves', 'reserves_treo_t', 'true'),
] %}
union all
select
    '{{ market }}' as market,
    null as plant_stage,
    release,
    {{ 'year' if market == 'mine_production' else 'null as year' }}, -- noqa: RF04
    'country' as holder_kind,
    area_name as holder,
    {{ amount }} as amount,
    area_kind = 'other_countries' as is_others
from {{ ref(table) }}
where area_kind <> 'world' and {{ condition }}
{% endfor %}
union all
-- What a printed world total holds beyond the areas with a number is of those without one.
select
    total_of as market,
    null as plant_stage,
    release,
    year,
    'country' as holder_kind,
    null as holder,
    greatest(world_treo_t - sum_treo_t, 0) as amount,
    false as is_others
from {{ ref('int_world_totals') }}
where areas_without_number > 0
{% for market, amount in plant_amounts.items() %}
{% for kind, holder in plant_holders.items() %}
union all
select
    '{{ market }}' as market,
    stage as plant_stage,
    null as release, -- noqa: RF04
    null as year, -- noqa: RF04
    '{{ kind }}' as holder_kind,
    {{ holder }} as holder,
    {{ amount }} as amount,
    false as is_others
from {{ ref('int_plant_holders') }}
where stage is not null
{% endfor %}
{% endfor %}
