-- One composition per project, or per deposit without one: of the whole deposit, without a known
-- fault, then by basis, oxides above zero, closure, whether the cited work is the first to print it, and
-- year.
with

patterns as (

    select
        composition_id,
        max(reported_oxides) as oxides_reported,
        max(reported_sum_pct) as sum_pct,
        max(share_basis) as share_basis,
        count(case when share_of_treo_pct > 0 then 1 end) as oxides_above_zero,
        {{ join_sorted("concat(oxide, ' ', cast(round(share_of_treo_pct, 9) as string))", ' ') }} as pattern
    from {{ ref('int_compositions') }}
    group by composition_id

),

sites as (

    select
        source_record_key,
        min(site_id) as site_id
    from {{ ref('bridge_site_records') }}
    where link_verdict in ('same_deposit', 'part_of_site', 'contains_site')
    group by source_record_key

),

judged as (

    select
        records.*,
        coalesce(projects.site_id, sites.site_id) as site_id,
        patterns.oxides_reported,
        patterns.sum_pct,
        patterns.share_basis,
        patterns.oxides_above_zero,
        coalesce(
            records.project_id, sites.site_id, records.deposit_key, records.source_record_key
        ) as subject,
        case
            when patterns.oxides_reported > 1
                then min(records.composition_id) over (partition by patterns.pattern)
        end as first_of_pattern,
        case
            when patterns.oxides_reported = 0 then 'no_shares'
            when records.coverage = 'part' then 'part_of_deposit'
            when records.fault is not null then 'known_fault'
        end as bar,
        case records.composition_basis
            when 'ore' then 1 when 'resource_average' then 1 when 'unknown' then 2 when
                'concentrate'
                then 3
            else 4
        end as basis_rank,
        case
            when abs(patterns.sum_pct - 100) <= {{ var('closure_tolerance_pct') }} then 1 else 2
        end as closure_rank
    from {{ ref('int_composition_records') }} as records
    inner join patterns on records.composition_id = patterns.composition_id
    left join {{ ref('dim_projects') }} as projects on records.project_id = projects.project_id
    left join sites on records.source_record_key = sites.source_record_key

),

ranked as (

    select
        *,
        row_number() over (
            partition by subject, bar is null
            order by
                basis_rank asc,
                oxides_above_zero desc,
                closure_rank asc,
                is_first_hand desc,
                coalesce(year, 0) desc,
                composition_id
        ) as choice_rank
    from judged

)

select
    ranked.composition_id,
    ranked.source,
    ranked.source_record_key,
    ranked.record_name,
    ranked.project_id,
    ranked.site_id,
    ranked.composition_basis,
    ranked.coverage,
    ranked.share_basis,
    ranked.oxides_reported,
    ranked.sum_pct,
    ranked.reference,
    ranked.place_in_reference,
    ranked.material,
    ranked.quantity,
    ranked.cerium_as,
    ranked.note,
    ranked.is_first_hand,
    ranked.year,
    ranked.fault,
    ranked.duplicate_of,
    ranked.reason,
    ranked.evidence,
    ranked.first_of_pattern,
    ranked.subject,
    ranked.bar is null and ranked.choice_rank = 1 as is_chosen,
    case
        when ranked.bar is not null then ranked.bar
        when other.composition_id is null then 'only_analysis'
        when ranked.basis_rank <> other.basis_rank then 'basis'
        when ranked.oxides_above_zero <> other.oxides_above_zero then 'completeness'
        when ranked.closure_rank <> other.closure_rank then 'closure'
        when ranked.is_first_hand <> other.is_first_hand then 'first_hand'
        else 'age'
    end as choice_reason
from ranked
-- The chosen one is compared with the next, every other one with the chosen.
left join ranked as other
    on
        ranked.subject = other.subject and ranked.bar is null and other.bar is null
        and other.choice_rank = case when ranked.choice_rank = 1 then 2 else 1 end
