select
    word,
    read_as,
    word_kind,
    reason
from {{ ref('name_words') }}
