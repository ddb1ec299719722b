with

figures as (

    select
        release,
        'mine_production' as total_of,
        year,
        area_kind,
        value_status,
        mine_production_treo_t as amount_treo_t
    from {{ ref('fct_production') }}
    -- Years that only the table of the United States has are not of the world.
    where printed_in <> 'united_states'
    union all
    select
        release,
        'reserves' as total_of,
        cast(null as int) as year,
        area_kind,
        value_status,
        reserves_treo_t as amount_treo_t
    from {{ ref('fct_reserves') }}

),

totals as (

    select
        release,
        total_of,
        year,
        max(case when area_kind = 'world' then amount_treo_t end) as world_treo_t,
        sum(case when area_kind <> 'world' then amount_treo_t end) as sum_treo_t,
        count(case when area_kind <> 'world' and amount_treo_t is null then 1 end) as areas_without_number,
        max(case when area_kind = 'world' and value_status = 'lower_bound' then 1 else 0 end) = 1
            as is_lower_bound
    from figures
    group by release, total_of, year

),

-- 240000 is rounded to ten thousands, so is 300000, as USGS gives two digits or more; 376000 to thousands.
digits as (

    select
        *,
        length(cast(cast(world_treo_t as bigint) as string)) as digits,
        length({{ replace_matches('cast(cast(world_treo_t as bigint) as string)', '0+$', '') }})
            as digits_given
    from totals

),

compared as (

    select
        release,
        total_of,
        year,
        world_treo_t,
        sum_treo_t,
        areas_without_number,
        is_lower_bound,
        0.5 * power(10, digits - greatest(digits_given, 2)) as rounding_t,
        sum_treo_t - world_treo_t as difference_t
    from digits

)

select
    release,
    total_of,
    year,
    world_treo_t,
    sum_treo_t,
    areas_without_number,
    rounding_t,
    difference_t,
    case
        when is_lower_bound then difference_t > 0
        else abs(difference_t) <= rounding_t
    end as is_within_rounding
from compared
