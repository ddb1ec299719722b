{%- set year_pattern = '(?:19|20)[0-9]{2}' -%}

with

segments as (

    select
        *,
        {{ replace_matches('head_text', whole_pattern() ~ '$', '') }} as plain_head_text
    from {{ ref('int_plant_capacity_segments') }}

),

contexts as (

    select
        *,
        concat(plain_head_text, ' ', tail_text) as context_text
    from segments

),

measured as (

    select
        *,
        try_cast(regexp_extract(amount_text, '^([0-9.]+)', 1) as double) as low_number,
        try_cast(regexp_extract(amount_text, '([0-9][0-9.]*)[^0-9]*$', 1) as double) as amount_high,
        trim(regexp_extract(amount_text, '([^0-9]+)$', 1)) as unit_as_published,
        regexp_extract(amount_text, '^[0-9.]+ ?({{ mass_unit_pattern() }})', 1) as low_unit,
        regexp_extract(amount_text, '[0-9] ?({{ mass_unit_pattern() }})[^0-9]*$', 1) as mass_unit,
        {{ parse_integer(
            "regexp_extract(context_text, '(?:^|[^0-9A-Za-z])(" ~ year_pattern ~ ")(?:[^0-9A-Za-z]|$)', 1)"
        ) }} as year, -- noqa: RF04
        regexp_extract(amount_text, '[/p年]', 0) <> ''
        or {{ has_words('context_text', yearly_pattern()) }} as is_stated_per_year,
        {{ has_words("concat(head_text, ' ', tail_text)", approximate_pattern()) }} as is_approximate,
        {{ has_words('head_text', containing_pattern()) }} as starts_contained,
        head_text <> plain_head_text or head_text like '%占其%' as is_whole
    from contexts

)

select
    plant_id,
    measure,
    figure_position,
    {{ product_text('plain_head_text', year_pattern) }} as head_product_text,
    {{ product_text('context_text', year_pattern) }} as product_text,
    low_number * (
        {{ tonnes_per_unit("coalesce(nullif(low_unit, ''), mass_unit)") }}
        / {{ tonnes_per_unit('mass_unit') }}
    ) as amount_low,
    amount_high,
    unit_as_published,
    {{ tonnes_per_unit('mass_unit') }} as tonnes_per_unit,
    year,
    is_stated_per_year,
    is_approximate,
    starts_contained,
    starts_anew,
    is_whole,
    {{ figure_text('concat(head_text, amount_text, tail_text)') }} as segment_text,
    {{ collapse_whitespace('remark_text') }} as remark_text
from measured
