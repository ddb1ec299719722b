{{ config(severity='warn') }}
-- A piece of a supply cell that no name and no reviewed mapping fits.
select
    plant_id,
    direction,
    reference_part
from {{ ref('bridge_supply_edges') }}
where match_method = 'none'
