{#- By the stem of a column: ending of its name, and which metric it is. -#}
{% set measures = {
    'rmse': ('_pct', "protocol = 'grouped_cv' and is_overall_rmse"),
    'hree_rmse': ('_pct', "protocol = 'grouped_cv' and metric = 'rmse_pct' and target = 'hree'"),
    'crps': ('_pct', "protocol = 'grouped_cv' and metric = 'crps_pct' and target = 'all'"),
    'scaled_rmse': ('', "protocol = 'grouped_cv' and metric = 'scaled_rmse'"),
    'aitchison_distance': ('', "protocol = 'grouped_cv' and metric = 'aitchison_distance'"),
    'random_cv_rmse': ('_pct', "protocol = 'random_cv' and is_overall_rmse"),
    'minerals_hidden_rmse': ('_pct', "protocol = 'grouped_cv_minerals_hidden' and is_overall_rmse"),
    'amounts_hidden_rmse': ('_pct', "protocol = 'grouped_cv_amounts_hidden' and is_overall_rmse"),
    'amounts_and_minerals_hidden_rmse':
        ('_pct', "protocol = 'grouped_cv_amounts_and_minerals_hidden' and is_overall_rmse"),
    'minus_champion': ('_pct', "protocol = 'grouped_cv' and is_against_champion"),
    'minus_training_mean': ('_pct', "protocol = 'grouped_cv' and compared_model_name = 'training_mean'"),
    'minus_family_mean': ('_pct', "protocol = 'grouped_cv' and compared_model_name = 'family_mean_shrunk'"),
    'minus_minerals_hidden':
        ('_pct', "protocol = 'grouped_cv' and compared_protocol = 'grouped_cv_minerals_hidden'"),
} -%}
with

metrics as (

    select
        *,
        metric = 'rmse_pct' and target = 'all' as is_overall_rmse,
        is_compared_with_champion and compared_protocol = protocol as is_against_champion
    from {{ ref('int_current_metrics') }}
    where stratum_kind = 'all'

),

wide as (

    select
        model_name,
        is_champion,
        {%- for name, (ending, condition) in measures.items() %}
        max(case when {{ condition }} then value end) as {{ name }}{{ ending }},
        max(case when {{ condition }} then standard_error end) as {{ name }}_standard_error{{ ending }},
        {%- endfor %}
        max(case when protocol = 'grouped_cv' and is_overall_rmse then projects end) as measured_projects
    from metrics
    group by model_name, is_champion

)

select
    wide.model_name,
    wide.is_champion,
    row_number() over (order by wide.rmse_pct, wide.model_name) as league_place,
    wide.measured_projects,
    {%- for name, (ending, _) in measures.items() %}
    wide.{{ name }}{{ ending }},
    wide.{{ name }}_standard_error{{ ending }},
    {%- endfor %}
    abs(wide.minus_champion_pct)
    > {{ var('distinct_standard_errors') }} * wide.minus_champion_standard_error_pct as is_distinguishable
from wide
where wide.rmse_pct is not null
