select metrics.*, runs.model_name = metrics.model_name as is_published
from marts.fct_model_metrics as metrics
inner join marts.dim_model_runs as runs using (model_run_id)
where runs.is_current
order by all
