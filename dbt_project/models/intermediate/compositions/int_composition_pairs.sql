-- Two analyses of one project or other deposit, oxide by oxide, over the oxides that both have above zero,
-- brought to 100 again. Duplicates are one analysis; per cent of a mineral cannot be compared.
with

analyses as (

    select * from {{ ref('dim_compositions') }}
    where share_basis in ('treo', 'printed_oxides') and oxides_reported >= {{ var('pattern_oxides') }}

),

pairs as (

    select
        one.composition_id,
        other.composition_id as other_composition_id,
        one.subject,
        -- Of ore as far as is known, of the whole deposit, without a fault of the printed pattern.
        one.coverage = 'deposit' and other.coverage = 'deposit'
        and one.fault is null and other.fault is null
        and one.composition_basis not in ('concentrate', 'mineral')
        and other.composition_basis not in ('concentrate', 'mineral') as is_clean
    from analyses as one
    inner join analyses as other
        on one.subject = other.subject and one.composition_id < other.composition_id
    where
        coalesce(one.duplicate_of, '') <> other.composition_id
        and coalesce(other.duplicate_of, '') <> one.composition_id

),

common as (

    select
        pairs.*,
        first_ones.oxide,
        first_ones.share_of_treo_pct,
        other_ones.share_of_treo_pct as other_share_of_treo_pct
    from pairs
    inner join {{ ref('int_compositions') }} as first_ones on pairs.composition_id = first_ones.composition_id
    inner join {{ ref('int_compositions') }} as other_ones
        on
            pairs.other_composition_id = other_ones.composition_id
            and first_ones.oxide = other_ones.oxide
    where first_ones.share_of_treo_pct > 0 and other_ones.share_of_treo_pct > 0

)

select
    composition_id,
    other_composition_id,
    subject,
    is_clean,
    oxide,
    count(*) over (partition by composition_id, other_composition_id) as common_oxides,
    100 * share_of_treo_pct
    / sum(share_of_treo_pct) over (partition by composition_id, other_composition_id) as first_share_pct,
    100 * other_share_of_treo_pct
    / sum(other_share_of_treo_pct) over (partition by composition_id, other_composition_id)
        as other_share_pct
from common
