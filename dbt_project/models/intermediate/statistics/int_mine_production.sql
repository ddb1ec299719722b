with

printed as (

    select
        release,
        area_as_published,
        year,
        value_status,
        printed_number,
        production_as_published,
        column_as_published,
        note_as_published,
        'world' as printed_in
    from {{ ref('stg_usgs_mcs__world_production') }}
    union all
    select
        release,
        'United States' as area_as_published,
        year,
        value_status,
        printed_number,
        production_as_published,
        cast(null as string) as column_as_published,
        cast(null as string) as note_as_published,
        'united_states' as printed_in
    from {{ ref('stg_usgs_mcs__us_production') }}

),

-- A figure that both tables of an edition print is one, with the heading it has in the table of the world.
ranked as (

    select
        *,
        count(*) over (partition by release, area_as_published, year) as times_printed,
        row_number() over (
            partition by release, area_as_published, year
            order by case printed_in when 'world' then 1 else 2 end
        ) as preference
    from printed

)

select
    release,
    area_as_published,
    year,
    value_status,
    printed_number,
    production_as_published,
    column_as_published,
    note_as_published,
    case when times_printed = 2 then 'both' else printed_in end as printed_in
from ranked
where preference = 1
