select
    choices.composition_id,
    choices.source,
    choices.source_record_key,
    choices.record_name,
    choices.project_id,
    choices.site_id,
    choices.subject,
    choices.composition_basis,
    choices.coverage,
    choices.share_basis,
    cast(choices.oxides_reported as int) as oxides_reported,
    choices.sum_pct,
    choices.material,
    choices.quantity,
    choices.cerium_as,
    choices.reference,
    choices.place_in_reference,
    choices.is_first_hand,
    choices.year,
    choices.note,
    choices.fault,
    choices.is_chosen,
    choices.choice_reason,
    coalesce(
        choices.duplicate_of,
        case when choices.first_of_pattern <> choices.composition_id then choices.first_of_pattern end
    ) as duplicate_of,
    choices.is_chosen
    and choices.composition_basis in ('ore', 'resource_average', 'unknown')
    and choices.duplicate_of is null
    and coalesce(choices.first_of_pattern = choices.composition_id, true) as is_trainable,
    choices.reason,
    choices.evidence
from {{ ref('int_composition_choices') }} as choices
