select
    production.release,
    case areas.area_kind
        when 'country' then countries.country_name
        when 'other_countries' then 'Other countries'
        when 'world' then 'World'
    end as area_name,
    production.year,
    areas.area_kind,
    areas.country_iso3,
    production.printed_number * units.tonnes_per_unit as mine_production_treo_t,
    production.value_status,
    releases.edition_year = max(releases.edition_year) over (
        partition by areas.area_kind, areas.country_iso3, production.year
    ) as is_latest_release,
    production.printed_in,
    production.area_as_published,
    production.production_as_published,
    production.column_as_published,
    production.note_as_published
from {{ ref('int_mine_production') }} as production
inner join {{ ref('dim_releases') }} as releases on production.release = releases.release
left join {{ ref('usgs_mcs_units') }} as units
    on {{ collapse_whitespace('releases.unit_as_published') }} = units.unit_as_published
left join {{ ref('usgs_mcs_areas') }} as areas
    on production.area_as_published = areas.area_as_published
left join {{ ref('dim_countries') }} as countries on areas.country_iso3 = countries.country_iso3
