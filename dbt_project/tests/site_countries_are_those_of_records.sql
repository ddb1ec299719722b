-- A country that no record of the site prints needs a reviewer's note.
select sites.site_id
from {{ ref('deposit_sites') }} as sites
inner join {{ ref('site_record_links') }} as links on sites.site_id = links.site_id
inner join {{ ref('int_deposit_records') }} as records on links.source_record_key = records.source_record_key
left join {{ ref('record_countries') }} as countries on records.record_country = countries.record_country
where sites.site_note is null
group by sites.site_id, sites.country_iso2
having count(case when countries.country_iso2 = sites.country_iso2 then 1 end) < count(*)
