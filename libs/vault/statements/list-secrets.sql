-- Never the sealed value itself: nobody who lists needs it.
select name, version, sealed_key_id(wrapped_key) as key_id, created_at, created_by, updated_at, updated_by from sealed_secrets order by name limit 10000
