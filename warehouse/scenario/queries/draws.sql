select draws.subject_id as project_id, draws.draw, draws.oxide, draws.share_pct
from marts.fct_composition_draws as draws
inner join marts.dim_model_runs as runs on draws.model_run_id = runs.model_run_id
inner join marts.dim_projects as projects on draws.subject_id = projects.project_id
where runs.is_current
