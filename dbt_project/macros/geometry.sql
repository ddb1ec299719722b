{#- Distance on a sphere of the Earth's mean radius, in km, between two points in degrees (haversine). -#}
{% macro haversine_km(latitude_a, longitude_a, latitude_b, longitude_b) -%}
    2 * 6371.0088 * asin(sqrt(
        power(sin(radians({{ latitude_b }} - {{ latitude_a }}) / 2), 2)
        + cos(radians({{ latitude_a }})) * cos(radians({{ latitude_b }}))
        * power(sin(radians({{ longitude_b }} - {{ longitude_a }}) / 2), 2)
    ))
{%- endmacro %}

{#- The pieces of a list in a text, one row each: `keys` (a list of columns in a text), `position` and `piece`. -#}
{% macro list_pieces(relation, keys, text, separator, position, piece) -%}
    {{ return(adapter.dispatch('list_pieces')(relation, keys, text, "'" ~ separator ~ "'", position, piece)) }}
{%- endmacro %}

{% macro default__list_pieces(relation, keys, text, separator, position, piece) -%}
(
    select
        {{ keys }},
        {{ position }} + 1 as {{ position }},
        {{ piece }}
    from {{ relation }}
    lateral view posexplode(split({{ text }}, {{ separator }})) as {{ position }}, {{ piece }}
)
{%- endmacro %}

{% macro duckdb__list_pieces(relation, keys, text, separator, position, piece) -%}
(
    select
        {{ keys }},
        generate_subscripts(string_split({{ text }}, {{ separator }}), 1) as {{ position }},
        unnest(string_split({{ text }}, {{ separator }})) as {{ piece }}
    from {{ relation }}
)
{%- endmacro %}
