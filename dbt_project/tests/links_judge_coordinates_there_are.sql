select
    links.site_id,
    links.source_record_key
from {{ ref('site_record_links') }} as links
inner join {{ ref('int_deposit_records') }} as records on links.source_record_key = records.source_record_key
where
    links.link_verdict <> 'different'
    and (
        links.point_verdict is null
        or (links.point_verdict = 'none') <> (records.latitude_deg is null)
    )
