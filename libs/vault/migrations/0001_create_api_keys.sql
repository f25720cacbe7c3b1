-- Who may ask the console. Of a key's secret only its hash is kept: it has 256 bits of chance in it, so a plain SHA-256 cannot be searched.
create table api_keys (
  id           text primary key,
  secret_hash  bytea not null check (octet_length(secret_hash) = 32),
  name         text not null,
  scopes       text[] not null check (cardinality(scopes) > 0 and scopes <@ array['read', 'operate', 'admin', 'publish']),
  tenant       text,
  created_at   timestamptz not null default clock_timestamp(),
  created_by   text not null,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  -- Whoever hands out keys can hand out one for everything.
  check (tenant is null or not 'admin' = any(scopes))
);

comment on column api_keys.id is 'the public part of the key, between its first two underscores';
comment on column api_keys.tenant is 'null: all tenants';
comment on column api_keys.created_by is '<kind>:<id> of the principal';

-- Nothing of a key can be widened afterwards.
grant select, insert, update (revoked_at, last_used_at) on api_keys to trunkline_app;
