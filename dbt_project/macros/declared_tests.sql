{#- What is declared beside the columns (not_null, unique, relationships, ...) is a test of its own in dbt. Each
    costs far more than its query, so `ree build` asks all of them in one statement. -#}

{#- One row per test of `test_ids`: its id and how many rows break it. -#}
{% macro declared_tests(test_ids) %}
    {%- for test in graph.nodes.values() if test.unique_id in test_ids %}
        select
            '{{ test.unique_id }}' as test_id,
            count(*) as failing_rows
        from ({{ failing_rows(test) }}) as failing
        {{ "union all" if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#- The rows that break one test: the query of its own macro, as dbt would run it. -#}
{% macro failing_rows(test) %}
    {%- set arguments = dict(test.test_metadata.kwargs) %}
    {%- do arguments.update(model=relation_of(test.attached_node)) %}
    {%- if "to" in arguments %}
        {%- set others = test.depends_on.nodes | reject("equalto", test.attached_node) | list %}
        {%- do arguments.update(to=relation_of(others[0] if others else test.attached_node)) %}
    {%- endif %}
    {{- context["test_" ~ test.test_metadata.name](**arguments) -}}
{% endmacro %}

{% macro relation_of(unique_id) %}
    {{- (graph.nodes.get(unique_id) or graph.sources[unique_id]).relation_name -}}
{% endmacro %}
