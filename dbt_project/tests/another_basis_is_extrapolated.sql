-- The ensemble judges by its own errors which printed shares are not of TREO; it must agree with share_basis.
select
    project_id,
    oxide,
    value_origin
from {{ ref('composition_best') }}
where share_basis = 'other' and value_origin <> 'reported' and not is_extrapolated
