with

matched as (

    select
        matches.project_id,
        sites.source,
        sites.source_site,
        sites.source_ore_t,
        sites.source_grade_treo_wt_pct
    from {{ ref('second_source_matches') }} as matches
    inner join {{ ref('stg_weng_2015__sites') }} as sites
        on matches.source = sites.source and matches.source_site = sites.source_site

),

-- Several deposits that are one project are added up, and only where each of them has the figure.
added as (

    select
        project_id,
        'Weng et al. 2015' as source_citation,
        {{ join_sorted('source_site', '; ') }} as source_site,
        case when count(source_ore_t) = count(*) then sum(source_ore_t) end as source_ore_t,
        case
            when count(source_ore_t * source_grade_treo_wt_pct) = count(*)
                then sum(source_ore_t * source_grade_treo_wt_pct) / sum(source_ore_t)
        end as source_grade_treo_wt_pct
    from matched
    group by project_id, source

),

reported as (

    select
        project_id,
        source_citation,
        cast(null as string) as source_site,
        source_ore_t,
        source_grade_treo_wt_pct
    from {{ ref('reported_figures') }}

),

sources as (

    select * from added
    union all
    select * from reported

)

select
    project_id,
    source_citation,
    source_site,
    source_ore_t,
    source_grade_treo_wt_pct,
    source_ore_t * source_grade_treo_wt_pct / 100 as source_resource_treo_t
from sources
