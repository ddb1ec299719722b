{{ config(schema='intermediate', contract={'enforced': false}) }}

with

apart as (

    select
        checks.*,
        projects.project_name,
        coalesce(deposit_types.deposit_family, 'unknown') as deposit_family,
        coalesce(checks.reason, 'not judged yet') as judged
    from {{ ref('figure_checks') }} as checks
    inner join {{ ref('dim_projects') }} as projects on checks.project_id = projects.project_id
    left join {{ ref('dim_deposit_types') }} as deposit_types
        on projects.deposit_type_id = deposit_types.deposit_type_id
    where checks.is_apart and coalesce(checks.verdict, 'doubtful') = 'doubtful'

),

worded as (

    select
        *,
        {% for column in ['figure_value', 'reference_low', 'reference_high'] %}
        case figure_kind
            when 'grade' then concat(cast(round({{ column }}, 4) as string), ' %')
            when 'resource' then concat({{ number_text(column, 0) }}, ' t TREO')
            else concat({{ number_text(column ~ ' / 1000000', 1) }}, ' Mt')
        end as {{ column }}_text,
        {% endfor %}
        case figure_kind
            when 'grade' then 'states a grade of '
            when 'resource' then 'states a resource of '
            else 'states a resource and a grade that make its ore '
        end as figure_words
    from apart

),

referred as (

    select
        *,
        case check_kind
            when 'second_source' then concat('the ', reference_low_text, ' of ', compared_with)
            when 'family_bounds'
                then concat(
                    'the ', reference_low_text, ' to ', reference_high_text, ' of plausible ', deposit_family,
                    ' deposits'
                )
            else concat('the ', reference_low_text, ' that is the median of ', deposit_family, ' deposits')
        end as reference_words
    from worded

)

select
    'ore_against_grade' as finding_type,
    concat(figure_kind, ' ', check_kind, ' ', compared_with) as detail,
    project_id as record_ids,
    concat(
        project_name, ' ', figure_words, figure_value_text, ', a factor of ',
        {{ number_text('times_apart', 1) }}, ' from ', reference_words, '.'
    ) as sentence,
    concat('quality.figure_checks; ', judged) as evidence
from referred
