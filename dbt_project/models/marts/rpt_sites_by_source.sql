with

with_minerals as (

    select distinct projects.site_id
    from {{ ref('fct_project_minerals') }} as minerals
    inner join {{ ref('dim_projects') }} as projects on minerals.project_id = projects.project_id
    union
    select distinct site_id
    from {{ ref('fct_site_minerals') }}

),

sites as (

    select
        sites.origin_source_id,
        count(*) as sites,
        count(distinct sites.country_iso3) as countries,
        count(distinct nullif(sites.deposit_family, 'unknown')) as deposit_families,
        count(nullif(sites.deposit_family, 'unknown')) as sites_of_known_family,
        count(sites.grade_treo_wt_pct) as sites_with_grade,
        count(sites.ore_t) as sites_with_ore,
        count(with_minerals.site_id) as sites_with_minerals,
        count(case when sites.coordinate_precision in ('deposit', 'district', 'locality') then 1 end)
            as sites_with_coordinates,
        count(sites.possible_duplicate_of) as possible_duplicates
    from {{ ref('dim_sites') }} as sites
    left join with_minerals on sites.site_id = with_minerals.site_id
    group by sites.origin_source_id

),

-- A record of a complex is of each of its sites, and counts once.
records as (

    select
        publication_id,
        count(distinct source_record_key) as records_of_sites
    from {{ ref('bridge_site_records') }}
    where link_verdict in ('same_deposit', 'part_of_site', 'contains_site')
    group by publication_id

),

left_out as (

    select
        records.publication_id,
        count(*) as records_left_out
    from {{ ref('records_left_out') }} as left_out
    inner join {{ ref('int_deposit_records') }} as records
        on left_out.source_record_key = records.source_record_key
    group by records.publication_id

)

select
    records.publication_id as origin_source_id,
    coalesce(sites.sites, 0) as sites,
    coalesce(sites.countries, 0) as countries,
    coalesce(sites.deposit_families, 0) as deposit_families,
    coalesce(sites.sites_of_known_family, 0) as sites_of_known_family,
    coalesce(sites.sites_with_grade, 0) as sites_with_grade,
    coalesce(sites.sites_with_ore, 0) as sites_with_ore,
    coalesce(sites.sites_with_minerals, 0) as sites_with_minerals,
    coalesce(sites.sites_with_coordinates, 0) as sites_with_coordinates,
    coalesce(sites.possible_duplicates, 0) as possible_duplicates,
    records.records_of_sites,
    coalesce(left_out.records_left_out, 0) as records_left_out
from records
left join sites on records.publication_id = sites.origin_source_id
left join left_out on records.publication_id = left_out.publication_id
