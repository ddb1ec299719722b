select
    model_name,
    is_champion,
    rmse_pct,
    rmse_standard_error_pct,
    minus_champion_pct,
    minus_champion_standard_error_pct,
    aitchison_distance,
    crps_pct,
    hree_rmse_pct,
    random_cv_rmse_pct
from marts.rpt_model_league
order by league_place
