-- A paired difference is that of two rows of the table, and names both.
select
    differences.metric_id,
    differences.value,
    own.value - compared.value as value_expected
from {{ ref('fct_model_metrics') }} as differences
left join {{ ref('fct_model_metrics') }} as own
    on
        differences.model_run_id = own.model_run_id
        and differences.model_name = own.model_name
        and differences.protocol = own.protocol
        and differences.target = own.target
        and differences.stratum_kind = own.stratum_kind
        and differences.stratum = own.stratum
        and own.metric = 'rmse_pct'
left join {{ ref('fct_model_metrics') }} as compared
    on
        differences.model_run_id = compared.model_run_id
        and differences.compared_model_name = compared.model_name
        and differences.compared_protocol = compared.protocol
        and differences.target = compared.target
        and differences.stratum_kind = compared.stratum_kind
        and differences.stratum = compared.stratum
        and compared.metric = 'rmse_pct'
where
    (differences.metric = 'rmse_difference_pct' or differences.compared_model_name is not null)
    and coalesce(abs(differences.value - (own.value - compared.value)), 1) > 1e-9
