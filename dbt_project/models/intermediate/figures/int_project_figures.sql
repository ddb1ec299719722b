with

projects as (

    select
        projects.*,
        coalesce(deposit_types.deposit_family, 'unknown') as deposit_family
    from {{ ref('dim_projects') }} as projects
    left join {{ ref('dim_deposit_types') }} as deposit_types
        on projects.deposit_type_id = deposit_types.deposit_type_id

),

figures as (

    {% for kind, column in [
        ('grade', 'grade_treo_wt_pct'), ('resource', 'resource_treo_t'), ('ore', 'ore_t'),
    ] %}
    select
        project_id,
        project_name,
        deposit_family,
        '{{ kind }}' as figure_kind,
        {{ column }} as figure_value
    from projects
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select * from figures
