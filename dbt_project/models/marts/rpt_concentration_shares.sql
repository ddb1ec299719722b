with

holdings as (

    select
        market,
        plant_stage,
        release,
        year,
        holder_kind,
        case
            when is_others then 'unnamed'
            when holder is null then 'unknown'
            else 'named'
        end as holder_status,
        coalesce(holder, 'not known') as holder,
        sum(amount) as amount,
        count(*) as records,
        count(*) - count(amount) as records_without_amount
    from {{ ref('int_market_records') }}
    group by market, plant_stage, release, year, holder_kind, is_others, holder

)

select
    concat_ws(':', market, plant_stage, release, cast(year as string), holder_kind) as market_id,
    market,
    plant_stage,
    release,
    year,
    holder_kind,
    holder,
    holder_status,
    amount,
    case
        when market in ('plants', 'mines_at_work') then 'count'
        when market in ('plant_oxides', 'mine_production') then 't per year'
        else 't'
    end as amount_unit,
    100 * amount / nullif(sum(amount) over (
        partition by market, plant_stage, release, year, holder_kind
    ), 0) as market_share_pct,
    records,
    records_without_amount
from holdings
