delete from sealed_secrets where name = $1
returning name, version, sealed_key_id(wrapped_key) as key_id, created_at, created_by, updated_at, updated_by
