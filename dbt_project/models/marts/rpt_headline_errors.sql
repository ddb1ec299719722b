{% set hidden = "protocol = 'grouped_cv_minerals_hidden'" -%}
{% set judged = "protocol <> 'grouped_cv_minerals_hidden' and metric in ('rmse_pct', 'crps_pct')" -%}
with

figures (place, metric, protocol, stratum_kind, stratum, of_what, aim_pct) as (

    values
    (1, 'rmse_pct', 'grouped_cv', 'all', 'all', 'measured projects', cast(null as double)),
    (2, 'rmse_pct', 'grouped_cv', 'yttrium_hosts', 'others', 'those without yttrium minerals as hosts', 3.1),
    (3, 'rmse_pct', 'grouped_cv', 'yttrium_hosts', 'yttrium', 'those with yttrium minerals as hosts', 6.0),
    (4, 'rmse_pct', 'grouped_cv', 'unmeasured', 'mix', 'the mix of unmeasured projects', 3.8),
    (5, 'rmse_pct', 'grouped_cv_as_known', 'unmeasured', 'mix', 'that mix, no more known than of it', null),
    (
        6, 'rmse_pct', 'grouped_cv', 'measured', 'learned_from_or_not',
        'all measured, also what is not learned from', null
    ),
    (7, 'crps_pct', 'published_intervals', 'all', 'all', 'the published spread (CRPS)', null),
    (8, 'rmse_pct', 'grouped_cv_hree_known', 'all', 'all', 'completion, the HREE percentage known', null),
    (9, 'rmse_pct', 'grouped_cv_la_ce_nd_y_known', 'all', 'all', 'completion, La, Ce, Nd and Y known', null)

),

families as (

    select
        10 as place,
        'rmse_pct' as metric,
        'grouped_cv_as_known' as protocol,
        'unmeasured' as stratum_kind,
        stratum,
        'an unmeasured project of family ' || stratum as of_what,
        cast(null as double) as aim_pct
    from {{ ref('rpt_prediction_strata') }}
    where stratum_kind = 'family' and unmeasured_projects > 0

),

named as (

    select * from figures
    union all
    select * from families

),

metrics as (

    select
        *,
        case when metric = 'crps_pct' then metric else 'rmse_pct' end as headline_metric,
        case
            when metric = 'crps_pct' then 'published_intervals'
            when {{ hidden }} then 'grouped_cv'
            else protocol
        end as headline_protocol
    from {{ ref('int_current_metrics') }}
    where
        target = 'all'
        and interval_level is null
        -- The spreads of the other models are not published, but made in the same way.
        and (
            metric <> 'crps_pct'
            or protocol = case when is_champion then 'published_intervals' else 'grouped_cv' end
        )

),

wide as (

    select
        headline_metric as metric,
        headline_protocol as protocol,
        stratum_kind,
        stratum,
        max(case when is_champion and {{ judged }} then projects end) as projects,
        max(case when is_champion and {{ judged }} then sites end) as sites,
        {{ value_and_error('error', '_pct', 'is_champion and ' ~ judged) }},
        {{ value_and_error('training_mean_error', '_pct', "model_name = 'training_mean' and " ~ judged) }},
        {{ value_and_error('family_mean_error', '_pct', "model_name = 'family_mean_shrunk' and " ~ judged) }},
        {{ value_and_error('minerals_hidden_rmse', '_pct',
            "is_champion and metric = 'rmse_pct' and " ~ hidden) }},
        {{ value_and_error('minus_minerals_hidden', '_pct',
            "is_champion and compared_protocol = 'grouped_cv_minerals_hidden' and protocol = 'grouped_cv'") }},
        max(case when metric = 'gain_share_pct' then value end) as gain_share_pct,
        max(case when metric = 'wider_cells_pct' then value end) as wider_cells_pct
    from metrics
    group by headline_metric, headline_protocol, stratum_kind, stratum

)

select
    row_number() over (order by figures.place, figures.stratum) as headline_place,
    figures.of_what,
    wide.*,
    strata.unmeasured_projects,
    figures.aim_pct,
    wide.error_pct <= figures.aim_pct as is_aim_met
from named as figures
inner join wide
    on
        figures.metric = wide.metric
        and figures.protocol = wide.protocol
        and figures.stratum_kind = wide.stratum_kind
        and figures.stratum = wide.stratum
left join {{ ref('rpt_prediction_strata') }} as strata
    on
        wide.stratum_kind = 'unmeasured'
        and strata.stratum_kind = case when wide.stratum = 'mix' then 'all' else 'family' end
        and strata.stratum = case when wide.stratum = 'mix' then 'all' else wide.stratum end
where wide.error_pct is not null
