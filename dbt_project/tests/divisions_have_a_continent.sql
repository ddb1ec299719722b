-- In a country on two continents every division is on one of them; elsewhere the country says it.
select divisions.admin1_iso
from {{ ref('divisions') }} as divisions
inner join {{ ref('countries') }} as countries on divisions.country_iso2 = countries.country_iso2
where countries.is_transcontinental <> (divisions.continent_of_place is not null)
