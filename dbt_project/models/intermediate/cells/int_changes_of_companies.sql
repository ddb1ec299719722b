-- Rules that turn a company cell, filled or blank, into the holders of a record.
select
    holders.record_id,
    'company' as column_name,
    string_agg(companies.company_name, '; ' order by holders.holder_position) as new_value,
    case max(holders.company_source)
        when 'as_published' then 'company_spelling_mapped'
        else concat('company_', max(holders.company_source))
    end as rule,
    max(fills.reason) as reason
from {{ ref('int_company_holders') }} as holders
left join {{ ref('companies') }} as companies on holders.company_id = companies.company_id
left join {{ ref('company_block_fills') }} as fills on holders.record_id = fills.record_id
group by holders.record_id, holders.company_text
having
    holders.company_text is null
    or holders.company_text
    <> coalesce(string_agg(companies.company_name, '; ' order by holders.holder_position), '')
