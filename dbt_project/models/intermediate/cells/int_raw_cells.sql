{%- set tables = [
    ('liu_2023', 'projects', 'project_number'),
    ('liu_2023', 'plants', 'plant_number'),
    ('weng_2015', 'contents', 'site'),
    ('compositions', 'analyses', 'source_record_key'),
    ('mineralogy', 'minerals', 'mineral'),
    ('usgs_mcs', 'releases', 'release'),
    ('usgs_mcs', 'world_production', "concat(release, ' ', area_as_published, ' ', year)"),
    ('usgs_mcs', 'us_production', "concat(release, ' ', year)"),
    ('usgs_mcs', 'reserves', "concat(release, ' ', area_as_published)"),
    ('usgs_mcs', 'prices', "concat(release, ' ', product_as_published, ' ', year)"),
    ('usgs_mcs', 'price_series', "concat(release, ' ', product_as_published)"),
    ('comtrade', 'flows', trade_key('year')),
    ('mineralogy', 'project_minerals', "concat(project_id, ' ', rank)"),
] -%}

-- Read from the raw tables and corrected here once more, so that the account shares no path with staging.
with

cells as (

    {% for source_name, table, key in tables %}
    select
        '{{ source_name }}' as source,
        '{{ table }}' as table_name,
        raw_cells.record_key as row_key,
        raw_cells.column_name,
        coalesce(raw_cells.cell_text, '') as published_text
    from {{ unpivot_cells(source('raw', source_name ~ '__' ~ table), key) }} as raw_cells
    where raw_cells.column_name not in ('source_file', 'source_line')
    {{ "union all" if not loop.last }}
    {% endfor %}

),

corrected as (

    select
        cells.*,
        corrections.reason as correction_reason,
        coalesce(corrections.corrected_value, cells.published_text) as corrected_text
    from cells
    left join {{ source('raw', 'liu_2023__corrections') }} as corrections
        on
            cells.source = 'liu_2023'
            and cells.table_name = corrections.table_name
            and cells.row_key = corrections.row_key
            and cells.column_name = corrections.column_name
            and cells.published_text = corrections.published_value

),

tidied as (

    select
        *,
        {{ collapse_whitespace('corrected_text') }} as tidy_text
    from corrected

)

select
    source,
    table_name,
    row_key,
    -- The key as the marts spell it: a number without zeros before it.
    coalesce(cast({{ parse_integer('row_key') }} as string), row_key) as record_key,
    -- The key by which reviewed tables name the record.
    case table_name
        when 'projects' then {{ project_id('row_key') }}
        when 'plants' then {{ plant_id('row_key') }}
        else row_key
    end as record_id,
    column_name,
    published_text,
    correction_reason,
    corrected_text,
    -- Tidying and the dash for missing are rules for the published tables alone.
    case
        when source <> 'liu_2023' then nullif(published_text, '')
        when tidy_text not in ('', '-') then tidy_text
    end as read_text
from tidied
