select
    parameter,
    parameter_group,
    parameter_order,
    default_value,
    low_value,
    high_value,
    least_value,
    greatest_value,
    value_unit,
    parameter_meaning,
    reason,
    evidence
from {{ ref('scenario_parameters') }}
