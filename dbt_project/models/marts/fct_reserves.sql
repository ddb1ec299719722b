select
    reserves.release,
    case areas.area_kind
        when 'country' then countries.country_name
        when 'other_countries' then 'Other countries'
        when 'world' then 'World'
    end as area_name,
    areas.area_kind,
    areas.country_iso3,
    reserves.printed_number * units.tonnes_per_unit as reserves_treo_t,
    reserves.value_status,
    releases.edition_year = max(releases.edition_year) over (
        partition by areas.area_kind, areas.country_iso3
    ) as is_latest_release,
    reserves.area_as_published,
    reserves.reserves_as_published,
    reserves.note_as_published
from {{ ref('stg_usgs_mcs__reserves') }} as reserves
inner join {{ ref('dim_releases') }} as releases on reserves.release = releases.release
left join {{ ref('usgs_mcs_units') }} as units
    on {{ collapse_whitespace('releases.unit_as_published') }} = units.unit_as_published
left join {{ ref('usgs_mcs_areas') }} as areas
    on reserves.area_as_published = areas.area_as_published
left join {{ ref('dim_countries') }} as countries on areas.country_iso3 = countries.country_iso3
