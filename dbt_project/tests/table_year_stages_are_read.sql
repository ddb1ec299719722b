-- A stage dated in the table's own year is read by review, and a reading that no cell has any more is stale.
with

dated as (

    {% for kind in ['project', 'plant'] %}
    select
        {{ kind }}_id as record_id,
        stage_code
    from {{ ref('int_' ~ kind ~ '_statuses') }}
    where effective_year = {{ var('status_table_year') }}
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    coalesce(dated.record_id, readings.record_id) as record_id,
    coalesce(dated.stage_code, readings.stage_code) as stage_code
from dated
full outer join {{ ref('table_year_stages') }} as readings
    on dated.record_id = readings.record_id and dated.stage_code = readings.stage_code
where dated.record_id is null or readings.record_id is null
