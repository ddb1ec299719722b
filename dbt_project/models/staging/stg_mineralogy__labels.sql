{%- set rounds = {'label_round_a': 'a', 'label_round_b': 'b', 'project_minerals': 'final'} -%}

{% for table, label_round in rounds.items() %}
{% set is_final = label_round == 'final' %}
select
    '{{ label_round }}' as label_round,
    project_id,
    {{ parse_integer('rank') }} as mineral_rank,
    nullif(mineral, '') as mineral,
    host_kind,
    evidence,
    confidence,
    nullif(reference, '') as reference,
    nullif(reference_url, '') as reference_url,
    nullif(note, '') as note,
    {{ 'evidence_independence' if is_final else 'cast(null as string)' }} as evidence_independence,
    {{ 'adjudication' if is_final else 'cast(null as string)' }} as adjudication
from {{ source('raw', 'mineralogy__' ~ table) }}
{{ "union all" if not loop.last }}
{% endfor %}
