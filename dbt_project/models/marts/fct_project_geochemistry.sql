with

shares as (

    select
        compositions.project_id,
        oxides.oxide,
        oxides.oxide_order,
        oxides.is_lree,
        oxides.is_hree,
        oxides.is_ndpr,
        oxides.is_magnet,
        oxides.is_critical,
        compositions.share_of_treo_pct,
        compositions.value_status,
        -- Neither a zero nor a suspect zero has a place in a ratio.
        case
            when compositions.share_of_treo_pct > 0
                then {{ over_chondrite('compositions.share_of_treo_pct', 'oxides') }}
        end as normalised_share
    from {{ ref('int_compositions') }} as compositions
    inner join {{ ref('oxides') }} as oxides on compositions.oxide = oxides.oxide
    where compositions.source = 'liu_2023' and compositions.has_full_composition

),

side_by_side as (

    select
        project_id,
        sum(case when is_lree then share_of_treo_pct else 0 end) as lree_pct,
        sum(case when is_hree then share_of_treo_pct else 0 end) as hree_pct,
        sum(case when is_hree and oxide <> 'Gd2O3' then share_of_treo_pct else 0 end) as hree_tb_lu_y_pct,
        sum(case when is_hree or oxide = 'Eu2O3' then share_of_treo_pct else 0 end) as hree_eu_lu_y_pct,
        sum(case when is_ndpr then share_of_treo_pct else 0 end) as ndpr_pct,
        sum(case when is_magnet then share_of_treo_pct else 0 end) as magnet_pct,
        sum(case when is_critical then share_of_treo_pct else 0 end) as critical_pct,
        count(case when value_status = 'zero_suspect' then 1 end) as zero_suspect_oxides,
        max(case when oxide = 'La2O3' then normalised_share end) as la_n,
        max(case when oxide = 'Ce2O3' then normalised_share end) as ce_n,
        max(case when oxide = 'Pr6O11' then normalised_share end) as pr_n,
        max(case when oxide = 'Sm2O3' then normalised_share end) as sm_n,
        max(case when oxide = 'Eu2O3' then normalised_share end) as eu_n,
        max(case when oxide = 'Gd2O3' then normalised_share end) as gd_n,
        max(case when oxide = 'Yb2O3' then normalised_share end) as yb_n
    from shares
    group by project_id

)

select
    project_id,
    round(lree_pct, 9) as lree_pct,
    round(hree_pct, 9) as hree_pct,
    round(hree_tb_lu_y_pct, 9) as hree_tb_lu_y_pct,
    round(hree_eu_lu_y_pct, 9) as hree_eu_lu_y_pct,
    round(ndpr_pct, 9) as ndpr_pct,
    round(magnet_pct, 9) as magnet_pct,
    round(critical_pct, 9) as critical_pct,
    la_n / yb_n as la_yb_n,
    eu_n / sqrt(sm_n * gd_n) as eu_anomaly,
    ce_n / sqrt(la_n * pr_n) as ce_anomaly,
    zero_suspect_oxides
from side_by_side
