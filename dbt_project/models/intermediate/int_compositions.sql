with

cells as (

    select
        row_key,
        column_name,
        published_text,
        {{ parse_decimal('clean_text') }} as share_of_treo_pct
    from {{ ref('base_liu_2023__project_cells') }}

),

shares as (

    select
        {{ project_id('cells.row_key') }} as project_id,
        oxides.oxide,
        oxides.oxide_order,
        oxides.is_hree,
        cells.published_text as share_as_published,
        cells.share_of_treo_pct
    from cells
    inner join {{ ref('oxides') }} as oxides
        on cells.column_name = concat(lower(oxides.oxide), '_pct')

),

-- Yttrium stands last in the table but is no neighbour of lutetium in a pattern.
patterned as (

    select
        *,
        max(case when share_of_treo_pct > 0 and oxide <> 'Y2O3' then oxide_order end)
            over (partition by project_id) as last_nonzero_order,
        min(case when share_of_treo_pct > 0 and oxide <> 'Y2O3' then oxide_order end)
            over (partition by project_id) as first_nonzero_order,
        count(share_of_treo_pct) over (partition by project_id) as reported_oxides,
        sum(share_of_treo_pct) over (partition by project_id) as reported_sum_pct
    from shares

)

select
    project_id,
    oxide,
    oxide_order,
    is_hree,
    share_as_published,
    share_of_treo_pct,
    reported_oxides,
    reported_sum_pct,
    case
        when share_of_treo_pct is null then 'not_reported'
        when
            share_of_treo_pct = 0
            and oxide_order between first_nonzero_order and last_nonzero_order
            then 'zero_suspect'
        else 'reported'
    end as value_status,
    reported_oxides = 15
    and abs(reported_sum_pct - 100) <= {{ var('closure_tolerance_pct') }} as has_full_composition
from patterned
