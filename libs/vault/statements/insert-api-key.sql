insert into api_keys (id, secret_hash, name, scopes, tenant, created_by, expires_at)
values ($1, $2, $3, $4::text[], $5, $6, $7::timestamptz)
returning id, name, scopes, tenant, created_at, created_by, expires_at, revoked_at, last_used_at
