-- A label is marked as judged again where the reviewed list has its project, and nowhere else; its hosts
-- are those the list gives, in order.
with

hosts as (

    select
        project_id,
        mineral,
        rank as host_rank,
        adjudication
    from {{ ref('fct_project_minerals') }}

),

ranks as (

    select distinct host_rank
    from hosts

),

labels as (

    select
        projects.project_number,
        hosts.mineral,
        hosts.host_rank
    from hosts
    inner join {{ ref('dim_projects') }} as projects on hosts.project_id = projects.project_id
    where hosts.adjudication = 'judged_again'

),

listed as (

    select
        judged.project_number,
        split_part(judged.hosts_after, ';', ranks.host_rank) as mineral,
        ranks.host_rank
    from {{ ref('mineral_labels_judged_again') }} as judged
    cross join ranks

)

select
    coalesce(labels.project_number, listed.project_number) as project_number,
    labels.mineral as mart_mineral,
    listed.mineral as listed_mineral
from labels
full outer join listed
    on labels.project_number = listed.project_number and labels.host_rank = listed.host_rank
where coalesce(labels.mineral, '') <> coalesce(listed.mineral, '')
