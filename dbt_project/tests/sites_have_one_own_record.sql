-- The record that a site is named after is one, its own, and says which source the site is of.
select sites.site_id
from {{ ref('deposit_sites') }} as sites
left join {{ ref('site_record_links') }} as links
    on
        sites.site_id = links.site_id
        and links.link_method = 'own_record'
        and links.link_verdict = 'same_deposit'
group by sites.site_id
having count(links.source_record_key) <> 1
