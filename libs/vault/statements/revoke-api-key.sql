-- A key is revoked once: the first moment stays.
update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1
returning id, name, scopes, tenant, created_at, created_by, expires_at, revoked_at, last_used_at
