-- Question: How many published compositions are there, from which source and of what?
-- Grain: one row per source and kind of material.
-- Caveat: An analysis counts with five oxides or more. A project may have several, of which one is chosen.
select
    source,
    composition_basis,
    cast(count(*) as int) as compositions,
    cast(count(distinct project_id) as int) as projects,
    cast(count(distinct subject) as int) as deposits,
    cast(count(case when is_chosen then 1 end) as int) as chosen
from marts.dim_compositions
where oxides_reported >= 5
group by source, composition_basis
order by compositions desc, source asc, composition_basis asc
