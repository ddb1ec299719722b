select
    finding_type,
    sentence,
    evidence,
    record_ids
from quality.findings
order by finding_type, sentence
