-- Texts of the records of deposits that no reviewed table knows, and records that nobody has placed.
with

placed as (

    select source_record_key
    from {{ ref('site_record_links') }}
    where link_verdict in ('same_deposit', 'part_of_site', 'contains_site')
    union
    select concat(source, ':', source_site) as source_record_key
    from {{ ref('second_source_matches') }}
    union
    select source_record_key
    from {{ ref('records_left_out') }}

)

select
    'deposit type of a record' as value_kind,
    records.record_deposit_type as value_as_published,
    records.source_record_key as record_id,
    'record_deposit_types' as seed
from {{ ref('int_deposit_records') }} as records
left join {{ ref('record_deposit_types') }} as mapped
    on
        records.publication_id = mapped.publication_id
        and records.record_deposit_type = mapped.record_deposit_type
where records.record_deposit_type is not null and mapped.record_deposit_type is null
union all
select
    'country of a record' as value_kind,
    records.record_country as value_as_published,
    records.source_record_key as record_id,
    'record_countries' as seed
from {{ ref('int_deposit_records') }} as records
left join {{ ref('record_countries') }} as countries on records.record_country = countries.record_country
where records.record_country is not null and countries.record_country is null
union all
select
    'record of a deposit' as value_kind,
    records.source_record_key as value_as_published,
    records.source_record_key as record_id,
    'site_record_links' as seed
from {{ ref('int_deposit_records') }} as records
left join placed on records.source_record_key = placed.source_record_key
where placed.source_record_key is null
