-- The points that records give for a site itself, or for the district or complex that holds it.
with

site_points as (

    select
        links.site_id,
        links.source_record_key,
        links.point_verdict,
        points.latitude_deg,
        points.longitude_deg
    from {{ ref('site_record_links') }} as links
    inner join {{ ref('int_points') }} as points on links.source_record_key = points.coordinate_source
    where links.link_verdict in ('same_deposit', 'contains_site') and links.point_verdict <> 'none'

),

pairs as (

    select
        a.site_id,
        concat(a.source_record_key, ' ', b.source_record_key) as farthest_keys,
        a.point_verdict = 'credible' and b.point_verdict = 'credible' as are_credible,
        {{ haversine_km('a.latitude_deg', 'a.longitude_deg', 'b.latitude_deg', 'b.longitude_deg') }} as km
    from site_points as a
    inner join site_points as b on a.site_id = b.site_id and a.source_record_key < b.source_record_key

),

spreads as (

    select
        site_id,
        max(case when are_credible then km end) as coordinate_spread_km,
        max(km) as all_points_spread_km
    from pairs
    group by site_id

),

farthest as (

    select
        pairs.site_id,
        min(pairs.farthest_keys) as farthest_keys
    from pairs
    inner join spreads on pairs.site_id = spreads.site_id and pairs.km = spreads.all_points_spread_km
    group by pairs.site_id

),

counted as (

    select
        site_id,
        count(case when point_verdict = 'credible' then 1 end) as credible_points,
        count(case when point_verdict = 'wrong' then 1 end) as wrong_points
    from site_points
    group by site_id

)

select
    counted.site_id,
    counted.credible_points,
    counted.wrong_points,
    round(spreads.coordinate_spread_km, 1) as coordinate_spread_km,
    round(spreads.all_points_spread_km, 1) as all_points_spread_km,
    farthest.farthest_keys
from counted
left join spreads on counted.site_id = spreads.site_id
left join farthest on counted.site_id = farthest.site_id
