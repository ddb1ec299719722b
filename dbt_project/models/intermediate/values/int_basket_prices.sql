with

-- A price is of the product; compositions count another oxide of the element than the one sold only for Ce.
priced as (

    select
        prices.release,
        prices.year,
        prices.oxide,
        releases.edition_year,
        prices.price_usd_per_kg / prices.counted_oxide_kg_per_kg as oxide_price_usd_per_kg
    from {{ ref('fct_prices') }} as prices
    inner join {{ ref('dim_releases') }} as releases on prices.release = releases.release
    where prices.oxide is not null and prices.price_usd_per_kg is not null

),

ranked as (

    select
        release,
        year,
        row_number() over (order by count(*) desc, year desc, max(edition_year) desc) as preference
    from priced
    where
        true
        {% if var('price_year') %} and year = {{ var('price_year') }} {% endif %}
        {% if var('price_release') %} and release = '{{ var('price_release') }}' {% endif %}
    group by release, year

),

chosen as (

    select
        release,
        year
    from ranked
    where preference = 1

)

select
    oxides.oxide,
    chosen.release as price_release,
    chosen.year as price_year,
    own.oxide_price_usd_per_kg,
    coalesce(own.oxide_price_usd_per_kg, alike.oxide_price_usd_per_kg) as filled_price_usd_per_kg
from {{ ref('dim_oxides') }} as oxides
cross join chosen
left join {{ ref('price_stand_ins') }} as stand_ins on oxides.oxide = stand_ins.oxide
left join priced as own
    on chosen.release = own.release and chosen.year = own.year and oxides.oxide = own.oxide
left join priced as alike
    on
        chosen.release = alike.release
        and chosen.year = alike.year
        and stand_ins.priced_like_oxide = alike.oxide
