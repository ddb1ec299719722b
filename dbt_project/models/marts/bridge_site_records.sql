with

links as (

    select
        projects.site_id,
        'liu_2023' as publication_id,
        projects.project_id as source_record_key,
        projects.project_name as record_name,
        'liu_2023' as link_method,
        cast(null as double) as name_score,
        cast(null as string) as runner_up_key,
        cast(null as double) as runner_up_score,
        'same_deposit' as link_verdict,
        cast(null as string) as point_verdict,
        cast(null as double) as latitude_deg,
        cast(null as double) as longitude_deg,
        placed.reason
    from {{ ref('dim_projects') }} as projects
    left join {{ ref('project_sites') }} as placed on projects.project_id = placed.project_id
    union all
    select
        judged.site_id,
        records.publication_id,
        judged.source_record_key,
        records.record_name,
        judged.link_method,
        judged.name_score,
        judged.runner_up_key,
        judged.runner_up_score,
        judged.link_verdict,
        judged.point_verdict,
        records.latitude_deg,
        records.longitude_deg,
        judged.reason
    from {{ ref('site_record_links') }} as judged
    inner join {{ ref('int_deposit_records') }} as records
        on judged.source_record_key = records.source_record_key
    union all
    -- Matched to a project for its ore and grade, a record is of the site of that project.
    select distinct
        projects.site_id,
        records.publication_id,
        records.source_record_key,
        records.record_name,
        'second_source' as link_method,
        cast(null as double) as name_score,
        cast(null as string) as runner_up_key,
        cast(null as double) as runner_up_score,
        'same_deposit' as link_verdict,
        'none' as point_verdict,
        records.latitude_deg,
        records.longitude_deg,
        min(matches.match_reason) over (partition by projects.site_id, records.source_record_key) as reason
    from {{ ref('second_source_matches') }} as matches
    inner join {{ ref('dim_projects') }} as projects on matches.project_id = projects.project_id
    inner join {{ ref('int_deposit_records') }} as records
        on matches.source = records.publication_id and matches.source_site = records.record_name

)

select
    links.site_id,
    sites.is_in_liu2023,
    links.publication_id,
    links.source_record_key,
    links.record_name,
    links.link_method,
    links.name_score,
    links.runner_up_key,
    links.runner_up_score,
    links.link_verdict,
    links.point_verdict,
    links.latitude_deg,
    links.longitude_deg,
    links.reason
from links
inner join {{ ref('dim_sites') }} as sites on links.site_id = sites.site_id
