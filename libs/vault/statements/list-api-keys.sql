-- The newest first; nobody hands out a thousand of them.
select id, name, scopes, tenant, created_at, created_by, expires_at, revoked_at, last_used_at from api_keys order by created_at desc, id limit 1000
