-- Secrets that partners gave us. Each is sealed under a key of its own, and only that key is sealed under a master key: when master keys
-- rotate, a few bytes are sealed anew and the secret is not opened.
create function sealed_key_id(sealed bytea) returns text language sql immutable strict parallel safe
  return encode(substring(sealed from 3 for get_byte(sealed, 1)), 'escape');
comment on function sealed_key_id(bytea) is 'the id of the master key under which something was sealed';

create table sealed_secrets (
  name        text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  version     integer not null default 1,
  wrapped_key bytea not null,
  sealed      bytea not null,
  created_at  timestamptz not null default clock_timestamp(),
  created_by  text not null,
  updated_at  timestamptz not null default clock_timestamp(),
  updated_by  text not null
);

comment on column sealed_secrets.version is 'counts the values that it has had';
comment on column sealed_secrets.created_by is '<kind>:<id> of the principal';

grant select, insert, update, delete on sealed_secrets to trunkline_app;
