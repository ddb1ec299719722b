-- Question: how concentrated are mine production and reserves, edition by edition, and who leads?
-- Grain: one row per market, edition and year, the newest first.
-- What an HHI is: the sum of the squared shares of countries in per cent, 10000 for one country alone.
--   It lies between hhi_lower and hhi_upper, as nobody says how other countries share what the edition gives
--   for them together, nor who has what its world total holds beyond the countries with a number.
-- Caveat: shares are of the sum of the areas, which a printed world total may miss by its rounding. Countries
--   without a number (areas_without_number) are in no share: Myanmar mines, and has no reserves here.
select
    market,
    release,
    year,
    total_amount,
    amount_unit,
    holders as countries,
    records_without_amount as areas_without_number,
    largest_holder,
    largest_share_pct,
    largest_three_share_pct,
    hhi_lower,
    hhi_upper
from marts.rpt_concentration
where release is not null
order by market asc, release desc, year desc
