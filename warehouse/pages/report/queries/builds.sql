select
    build_id,
    built_at,
    code_version,
    library_versions,
    seconds,
    is_current
from meta.builds
order by built_at desc
