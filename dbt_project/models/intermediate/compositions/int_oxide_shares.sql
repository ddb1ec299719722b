-- A source that prints shares keeps them to the digit; contents, and shares with cerium as CeO2, are brought
-- to 100 over the oxides there are. Too few contents make no pattern.
with

cells as (

    select
        {{ composition_id(project_id('row_key')) }} as composition_id,
        'liu_2023' as source,
        {{ project_id('row_key') }} as project_id,
        column_name,
        published_text as share_as_published,
        cast(null as double) as content_ppm,
        {{ parse_decimal('clean_text') }} as amount,
        true as is_share
    from {{ ref('base_liu_2023__project_cells') }}
    union all
    select
        {{ composition_id('contents.source_record_key') }} as composition_id,
        'weng_2015' as source,
        cast(null as string) as project_id,
        concat(lower(contents.oxide), '_pct') as column_name,
        cast(null as string) as share_as_published,
        contents.content_ppm,
        contents.content_ppm * oxides.oxide_to_element_factor as amount,
        false as is_share
    from {{ ref('stg_weng_2015__contents') }} as contents
    inner join {{ ref('oxides') }} as oxides on contents.oxide = oxides.oxide
    union all
    select
        {{ composition_id('source_record_key') }} as composition_id,
        publication_id as source,
        cast(null as string) as project_id,
        concat(lower(oxide), '_pct') as column_name,
        share_as_published,
        cast(null as double) as content_ppm,
        share_read_pct * case
            when oxide = 'Ce2O3' and cerium_as = 'CeO2' then {{ var('ce2o3_per_ceo2') }} else 1
        end as amount,
        cerium_as <> 'CeO2' as is_share
    from {{ ref('stg_compositions__analyses') }}

),

shares as (

    select
        cells.composition_id,
        cells.source,
        cells.project_id,
        oxides.oxide,
        oxides.oxide_order,
        oxides.pattern_order,
        oxides.is_hree,
        cells.share_as_published,
        cells.content_ppm,
        case
            when cells.is_share then cells.amount
            when count(cells.amount) over (partition by cells.composition_id) >= {{ var('pattern_oxides') }}
                then 100 * cells.amount / sum(cells.amount) over (partition by cells.composition_id)
        end as share_of_treo_pct,
        oxides.oxide_to_element_factor,
        oxides.oxide_to_element_factor * oxides.chondrite_ppm as chondrite_oxide
    from cells
    inner join {{ ref('oxides') }} as oxides
        on cells.column_name = concat(lower(oxides.oxide), '_pct')

)

select
    composition_id,
    source,
    project_id,
    oxide,
    oxide_order,
    pattern_order,
    is_hree,
    share_as_published,
    content_ppm,
    share_of_treo_pct,
    share_of_treo_pct / oxide_to_element_factor as element_share_pct,
    -- Only the shape of a pattern matters here, so shares serve as concentrations.
    case when share_of_treo_pct > 0 then share_of_treo_pct / chondrite_oxide end as normalised_share,
    chondrite_oxide
from shares
