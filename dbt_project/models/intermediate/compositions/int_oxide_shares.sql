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
        oxides.pattern_order,
        oxides.is_hree,
        cells.published_text as share_as_published,
        cells.share_of_treo_pct,
        cells.share_of_treo_pct / oxides.oxide_to_element_factor as element_share_pct,
        oxides.oxide_to_element_factor * oxides.chondrite_ppm as chondrite_oxide
    from cells
    inner join {{ ref('oxides') }} as oxides
        on cells.column_name = concat(lower(oxides.oxide), '_pct')

)

select
    project_id,
    oxide,
    oxide_order,
    pattern_order,
    is_hree,
    share_as_published,
    share_of_treo_pct,
    element_share_pct,
    -- Only the shape of a pattern matters here, so shares serve as concentrations.
    case when share_of_treo_pct > 0 then share_of_treo_pct / chondrite_oxide end as normalised_share,
    chondrite_oxide
from shares
