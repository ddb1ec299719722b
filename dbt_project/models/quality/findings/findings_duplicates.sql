{{ config(schema='intermediate', contract={'enforced': false}) }}

with

projects as (

    select
        *,
        concat(
            project_name,
            case
                when grade_treo_wt_pct is null then ''
                else concat(' (grade ', cast(round(grade_treo_wt_pct, 4) as string), ' %)')
            end
        ) as name_and_grade
    from {{ ref('dim_projects') }}

),

patterns as (

    select
        project_id,
        count(*) as share_count,
        {{ join_sorted("concat(oxide, ' ', share_as_published)", '; ') }} as pattern
    from {{ ref('fct_compositions') }}
    where share_of_treo_pct is not null and source = 'liu_2023'
    group by project_id

)

select
    'same_site' as finding_type,
    site_id as detail,
    {{ join_sorted('project_id') }} as record_ids,
    concat(
        cast(count(*) as string), ' projects are one site, ', site_name, '; together they have ',
        {{ counted("count(distinct coalesce(company_id, 'unknown'))", 'holder') }}, ' and state ',
        {{ counted('count(resource_treo_t)', 'resource') }}, '.'
    ) as sentence,
    {{ join_sorted('project_name', '; ') }} as evidence
from projects
group by site_id, site_name
having count(*) > 1
union all
select
    'same_project_name' as finding_type,
    project_name as detail,
    {{ join_sorted('project_id') }} as record_ids,
    concat(
        cast(count(*) as string), ' projects are called ', project_name, '; they have ',
        {{ counted("count(distinct coalesce(company_id, 'unknown'))", 'holder') }}, ' and are ',
        {{ counted('count(distinct site_id)', 'site') }}, '.'
    ) as sentence,
    {{ join_sorted("concat(project_id, ' ', coalesce(company_id, 'unknown'), ', ', site_name)", '; ') }}
        as evidence
from projects
group by project_name
having count(*) > 1
union all
select
    'same_resource' as finding_type,
    {{ number_text('resource_treo_t', 0) }} as detail,
    {{ join_sorted('project_id') }} as record_ids,
    concat(
        {{ join_sorted('name_and_grade', ' and ') }}, ' state the same resource, ',
        {{ number_text('resource_treo_t', 0) }}, ' t TREO; they are ',
        {{ counted('count(distinct site_id)', 'site') }}, '.'
    ) as sentence,
    {{ join_sorted(
        "concat(project_id, ' ', coalesce(" ~ number_text('grade_treo_wt_pct', 4) ~ ", 'unknown'), ' wt-%')", '; '
    ) }} as evidence
from projects
where resource_treo_t is not null
group by resource_treo_t
having count(*) > 1
union all
select
    'same_composition' as finding_type,
    '' as detail,
    {{ join_sorted('projects.project_id') }} as record_ids,
    concat(
        {{ join_sorted('projects.project_name', ' and ') }}, ' have the same ',
        cast(max(patterns.share_count) as string),
        ' published shares to the last digit, which points to one analysis.'
    ) as sentence,
    patterns.pattern as evidence
from projects
inner join patterns on projects.project_id = patterns.project_id
where patterns.share_count > 1
group by patterns.pattern
having count(*) > 1
union all
select
    'same_plant_location' as finding_type,
    locations.location_text as detail,
    {{ join_sorted('plants.plant_id') }} as record_ids,
    concat(
        {{ join_sorted('plants.plant_name', ' and ') }}, ' are published at the same place, ',
        locations.location_text, ', which is a ', coalesce(locations.place_kind, 'place of unknown kind'), '.'
    ) as sentence,
    {{ join_sorted("concat(plants.plant_id, ' ', coalesce(plants.company_id, 'unknown'))", '; ') }}
        as evidence
from {{ ref('dim_plants') }} as plants
inner join {{ ref('dim_locations') }} as locations on plants.location_id = locations.location_id
where locations.location_text is not null
group by locations.location_text, locations.place_kind
having count(*) > 1
