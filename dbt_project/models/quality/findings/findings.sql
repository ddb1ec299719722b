with

found as (

    {% for model in [
        'duplicates', 'compositions', 'stages', 'places', 'supply', 'capacities', 'figures', 'geology', 'names',
        'totals', 'noise',
    ] %}
    select
        finding_type,
        detail,
        record_ids,
        sentence,
        evidence
    from {{ ref('findings_' ~ model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    concat(finding_type, '-', substring(md5(concat(record_ids, '|', detail)), 1, 10)) as finding_id,
    finding_type,
    record_ids,
    sentence,
    evidence
from found
