{#- A host may be called stated only by a reference that can be cited: no mark of a blog, a wiki or a shared
    copy in its text or its host name, and no bare address (a number for a name, or a port). -#}
{% test stated_is_citable(model, to) %}
with

parts as (

    select
        *,
        lower(split_part(split_part(reference_url, '//', 2), '/', 1)) as host
    from {{ model }}
    where confidence = 'stated'

)

select parts.*
from parts
where
    reference_url not like 'http%//_%'
    or host like '%:%'
    or translate(split_part(host, '.', 1), '0123456789', '') = ''
    or exists (
        select 1
        from {{ to }} as marks
        where
            (marks.looked_for_in = 'host' and parts.host like concat('%', lower(marks.weak_mark), '%'))
            or (
                marks.looked_for_in = 'reference'
                and lower(parts.reference) like concat('%', lower(marks.weak_mark), '%')
            )
    )
{% endtest %}
