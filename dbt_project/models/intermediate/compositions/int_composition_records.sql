-- Whose each composition is and what a review says of it; the published rows of Liu et al. 2023 come with
-- their project, those of Weng et al. 2015 by the reviewed matches.
with

-- Of several works that a row cites the newest.
cited as (

    select
        projects.project_id,
        max(works.reference_year) as year
    from {{ ref('stg_liu_2023__projects') }} as projects
    inner join {{ ref('stg_liu_2023__references') }} as works
        on concat(';', projects.composition_references, ';') like concat('%;', works.reference_key, ';%')
    group by projects.project_id

),

analyses as (

    select
        'liu_2023' as source,
        projects.project_id as source_record_key,
        projects.project_name as record_name,
        projects.project_id,
        projects.composition_references as reference,
        cast(null as string) as place_in_reference,
        cited.year,
        cast(null as string) as material,
        'share_of_treo' as quantity,
        'Ce2O3' as cerium_as,
        cast(null as string) as note
    from {{ ref('stg_liu_2023__projects') }} as projects
    left join cited on projects.project_id = cited.project_id
    union all
    select distinct
        'weng_2015' as source,
        contents.source_record_key,
        contents.record_name,
        matches.project_id,
        'Weng, Jowitt, Mudd and Haque 2015, Economic Geology 110, 1925-1952' as reference,
        cast(null as string) as place_in_reference,
        2015 as year,
        cast(null as string) as material,
        'element_in_ore' as quantity,
        cast(null as string) as cerium_as,
        cast(null as string) as note
    from {{ ref('stg_weng_2015__contents') }} as contents
    left join {{ ref('second_source_matches') }} as matches
        on matches.source = 'weng_2015' and contents.record_name = matches.source_site
    union all
    select distinct
        publication_id as source,
        source_record_key,
        record_name,
        cast(null as string) as project_id,
        reference,
        place_in_reference,
        year,
        material,
        quantity,
        cerium_as,
        note
    from {{ ref('stg_compositions__analyses') }}

)

select
    {{ composition_id('analyses.source_record_key') }} as composition_id,
    analyses.source,
    analyses.source_record_key,
    analyses.record_name,
    coalesce(analyses.project_id, reviews.project_id) as project_id,
    reviews.deposit_key,
    analyses.reference,
    analyses.place_in_reference,
    analyses.year,
    analyses.material,
    analyses.quantity,
    analyses.cerium_as,
    analyses.note,
    coalesce(reviews.composition_basis, 'unknown') as composition_basis,
    coalesce(reviews.coverage, 'deposit') as coverage,
    coalesce(reviews.is_first_hand, false) as is_first_hand,
    reviews.fault,
    reviews.duplicate_of,
    reviews.reason,
    reviews.evidence
from analyses
left join {{ ref('composition_reviews') }} as reviews
    on {{ composition_id('analyses.source_record_key') }} = reviews.composition_id
