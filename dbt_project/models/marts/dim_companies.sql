with

holdings as (

    select
        company_id,
        count(distinct case when record_kind = 'project' then record_id end) as projects,
        count(distinct case when record_kind = 'plant' then record_id end) as plants
    from {{ ref('int_company_holders') }}
    where company_id is not null
    group by company_id

)

select
    companies.company_id,
    companies.company_name,
    companies.company_kind,
    companies.parent_company_id,
    heads.company_id as group_company_id,
    heads.company_name as group_company_name,
    companies.note,
    coalesce(holdings.projects, 0) as projects,
    coalesce(holdings.plants, 0) as plants
from {{ ref('companies') }} as companies
inner join {{ ref('companies') }} as heads
    on coalesce(companies.parent_company_id, companies.company_id) = heads.company_id
left join holdings on companies.company_id = holdings.company_id
