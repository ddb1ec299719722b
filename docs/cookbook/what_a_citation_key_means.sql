-- Question: what does a citation key mean, and what rests on it?
-- Grain: one row per project or plant that cites the reference, and what it is cited for.
-- Parameter: reference_key, any of marts.dim_references.
-- Caveat: 83 of the 223 works have no title, 58 of them web pages: the address, where there is one, leads to
--   the work. title_evidence says what a title is taken from. url means the words of the address.
with parameters as (
    select 'jaireth_2014' as reference_key
)

select
    cited.reference_key,
    cited.citation,
    uses.record_id,
    coalesce(projects.project_name, plants.plant_name) as record_name,
    uses.cited_for
from marts.dim_references as cited
inner join parameters on cited.reference_key = parameters.reference_key
left join marts.bridge_record_references as uses on cited.reference_key = uses.reference_key
left join marts.dim_projects as projects on uses.record_id = projects.project_id
left join marts.dim_plants as plants on uses.record_id = plants.plant_id
order by uses.record_id asc, uses.cited_for asc
