-- A site has the point of a record of it that was judged credible, or the middle of its division or country.
select sites.site_id
from {{ ref('deposit_sites') }} as sites
left join {{ ref('site_record_links') }} as links
    on
        sites.site_id = links.site_id
        and sites.coordinate_source = links.source_record_key
        and links.point_verdict = 'credible'
where
    (sites.coordinate_precision in ('deposit', 'district', 'locality') and links.site_id is null)
    or (
        sites.coordinate_precision = 'country'
        and sites.coordinate_source <> concat('natural_earth:', sites.country_iso2)
    )
    or (
        sites.coordinate_precision = 'admin1'
        and sites.coordinate_source not like concat('natural_earth:', sites.country_iso2, '-%')
    )
