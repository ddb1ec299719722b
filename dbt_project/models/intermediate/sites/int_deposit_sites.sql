-- Sites that no project is of: what a reviewer says of them, and what their records say.
with

known_types as (

    select
        links.site_id,
        min(mapped.deposit_type_id) as lowest_type_id,
        max(mapped.deposit_type_id) as highest_type_id
    from {{ ref('site_record_links') }} as links
    inner join {{ ref('int_deposit_records') }} as records
        on links.source_record_key = records.source_record_key
    inner join {{ ref('record_deposit_types') }} as mapped
        on
            records.publication_id = mapped.publication_id
            and records.record_deposit_type = mapped.record_deposit_type
    where links.link_verdict <> 'different' and mapped.deposit_type_id <> 'unknown'
    group by links.site_id

),

own as (

    select
        links.site_id,
        count(*) as own_records,
        max(case when links.link_method = 'own_record' then records.publication_id end) as origin_source_id,
        -- Parts are added up, and only where each of those with ore has a grade.
        sum(records.source_ore_t) as ore_t,
        case
            when count(records.source_ore_t) = count(records.source_ore_t * records.source_grade_treo_wt_pct)
                then sum(records.source_ore_t * records.source_grade_treo_wt_pct) / sum(records.source_ore_t)
        end as grade_treo_wt_pct
    from {{ ref('site_record_links') }} as links
    inner join {{ ref('int_deposit_records') }} as records
        on links.source_record_key = records.source_record_key
    where links.link_verdict in ('same_deposit', 'part_of_site', 'contains_site')
    group by links.site_id

)

select
    sites.site_id,
    sites.site_name,
    sites.country_iso2,
    own.origin_source_id,
    own.own_records,
    -- Where the records disagree, a reviewer has to say.
    case
        when sites.deposit_type_id is not null then sites.deposit_type_id
        when known_types.lowest_type_id is null then 'unknown'
        when known_types.lowest_type_id = known_types.highest_type_id then known_types.lowest_type_id
    end as deposit_type_id,
    points.latitude_deg,
    points.longitude_deg,
    sites.coordinate_precision,
    sites.coordinate_source,
    spreads.coordinate_spread_km,
    own.ore_t,
    own.grade_treo_wt_pct,
    sites.possible_duplicate_of,
    sites.duplicate_reason
from {{ ref('deposit_sites') }} as sites
inner join own on sites.site_id = own.site_id
left join known_types on sites.site_id = known_types.site_id
left join {{ ref('int_points') }} as points on sites.coordinate_source = points.coordinate_source
left join {{ ref('int_site_points') }} as spreads on sites.site_id = spreads.site_id
