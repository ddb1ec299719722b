-- A group has one head, so a parent has no parent of its own and is a company of the table.
select
    companies.company_id,
    companies.parent_company_id
from {{ ref('companies') }} as companies
left join {{ ref('companies') }} as parents on companies.parent_company_id = parents.company_id
where
    companies.parent_company_id is not null
    and (parents.company_id is null or parents.parent_company_id is not null)
