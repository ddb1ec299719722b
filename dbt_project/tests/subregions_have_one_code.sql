-- A subregion has one code and one continent; UN M49 writes codes with three digits.
select subregion
from {{ ref('countries') }}
group by subregion
having
    count(distinct subregion_m49) > 1
    or count(distinct continent) > 1
    or max(length(subregion_m49)) <> 3
    or min(length(subregion_m49)) <> 3

union all

select min(subregion) as subregion
from {{ ref('countries') }}
group by subregion_m49
having count(distinct subregion) > 1
