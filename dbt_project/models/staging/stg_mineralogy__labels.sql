{%- set rounds = {'label_round_a': 'a', 'label_round_b': 'b', 'project_minerals': 'final'} -%}

{% for table, label_round in rounds.items() %}
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
    {{ 'adjudication' if label_round == 'final' else 'cast(null as string)' }} as adjudication
from {{ source('raw', 'mineralogy__' ~ table) }}
{{ "union all" if not loop.last }}
{% endfor %}
