insert into oauth_tokens as known (account, grant_hash, wrapped_key, sealed) values ($1, $2, $3, $4)
on conflict (account) do update
set grant_hash = excluded.grant_hash, version = known.version + 1, wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, updated_at = clock_timestamp()
returning version
