insert into sealed_secrets as known (name, wrapped_key, sealed, created_by, updated_by) values ($1, $2, $3, $4, $4)
on conflict (name) do update
set version = known.version + 1, wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, updated_at = clock_timestamp(), updated_by = excluded.updated_by
returning name, version, sealed_key_id(wrapped_key) as key_id, created_at, created_by, updated_at, updated_by
