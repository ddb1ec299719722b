{#- A family with fewer figures says little about its own spread. -#}
{%- set least_figures_of_a_family = 5 %}

with

figures as (

    select * from {{ ref('int_project_figures') }}

),

second_figures as (

    {% for kind, column in [
        ('grade', 'source_grade_treo_wt_pct'), ('resource', 'source_resource_treo_t'), ('ore', 'source_ore_t'),
    ] %}
    select
        project_id,
        source_citation,
        '{{ kind }}' as figure_kind,
        {{ column }} as second_value
    from {{ ref('int_second_source_figures') }}
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}

),

centred as (

    select
        *,
        count(*) over (partition by deposit_family, figure_kind) as family_figures,
        ln(figure_value) - median(ln(figure_value)) over (partition by deposit_family, figure_kind)
            as from_median
    from figures

),

scaled as (

    select
        *,
        figure_value / exp(from_median) as family_median,
        from_median
        / nullif(1.4826 * median(abs(from_median)) over (partition by deposit_family, figure_kind), 0)
            as robust_z
    from centred

)

select
    figures.project_id,
    figures.figure_kind,
    'second_source' as check_kind,
    figures.figure_value,
    second_figures.second_value as reference_low,
    second_figures.second_value as reference_high,
    second_figures.source_citation as compared_with,
    cast(null as double) as robust_z
from figures
inner join second_figures
    on figures.project_id = second_figures.project_id and figures.figure_kind = second_figures.figure_kind
union all
select
    figures.project_id,
    figures.figure_kind,
    'family_bounds' as check_kind,
    figures.figure_value,
    bounds.bound_low as reference_low,
    bounds.bound_high as reference_high,
    bounds.reason as compared_with,
    cast(null as double) as robust_z
from figures
inner join {{ ref('figure_bounds') }} as bounds
    on figures.deposit_family = bounds.deposit_family and figures.figure_kind = bounds.figure_kind
union all
select
    project_id,
    figure_kind,
    'family_outlier' as check_kind,
    figure_value,
    family_median as reference_low,
    family_median as reference_high,
    concat('median of ', cast(family_figures as string), ' figures of the family') as compared_with,
    robust_z
from scaled
where family_figures >= {{ least_figures_of_a_family }}
