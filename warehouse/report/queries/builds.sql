select * from meta.builds order by built_at desc
