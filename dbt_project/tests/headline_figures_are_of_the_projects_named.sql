-- The ensemble sorts projects in Python: a headline figure must be of as many projects and sites as the marts
-- hold of that kind, and as many unmeasured projects must be alone in their family and host group.
with

projects as (

    select
        projects.project_id,
        projects.site_id,
        projects.has_full_composition,
        coalesce(deposit_types.deposit_family, 'unknown') as deposit_family,
        coalesce(principal.mineral_group, 'unknown') as mineral_group,
        projects.has_full_composition
        and analyses.composition_basis not in ('mineral', 'concentrate')
        and coalesce(analyses.duplicate_of, '') not like 'liu_2023-%' as is_learned_from
    from {{ ref('dim_projects') }} as projects
    inner join {{ ref('dim_compositions') }} as analyses
        on projects.project_id = analyses.project_id and analyses.source = 'liu_2023'
    left join {{ ref('dim_deposit_types') }} as deposit_types
        on projects.deposit_type_id = deposit_types.deposit_type_id
    left join {{ ref('fct_project_minerals') }} as principal
        on projects.project_id = principal.project_id and principal.rank = 1

),

sorted as (

    select
        project_id,
        site_id,
        'all' as stratum_kind,
        'all' as stratum
    from projects
    where is_learned_from
    union all
    select
        project_id,
        site_id,
        'measured' as stratum_kind,
        'learned_from_or_not' as stratum
    from projects
    where has_full_composition
    union all
    select
        project_id,
        site_id,
        'yttrium_hosts' as stratum_kind,
        case when mineral_group = 'xenotime_yttrium' then 'yttrium' else 'others' end as stratum
    from projects
    where is_learned_from

),

counted as (

    select
        stratum_kind,
        stratum,
        count(distinct project_id) as projects,
        count(distinct site_id) as sites
    from sorted
    group by stratum_kind, stratum

),

alone as (

    select
        100.0 * count(case when not exists (
            select 1 from projects as measured
            where
                measured.is_learned_from
                and measured.deposit_family = projects.deposit_family
                and measured.mineral_group = projects.mineral_group
        ) then 1 end) / count(*) as wider_cells_pct
    from projects
    where not has_full_composition

)

select
    headline.stratum_kind,
    headline.stratum,
    headline.projects,
    headline.sites,
    headline.wider_cells_pct
from {{ ref('rpt_headline_errors') }} as headline
left join counted on headline.stratum_kind = counted.stratum_kind and headline.stratum = counted.stratum
cross join alone
where
    headline.protocol = 'grouped_cv'
    and case headline.stratum_kind
        when 'unmeasured' then abs(headline.wider_cells_pct - alone.wider_cells_pct) > 0.001
        else coalesce(headline.projects <> counted.projects or headline.sites <> counted.sites, true)
    end
