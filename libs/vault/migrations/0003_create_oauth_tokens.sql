-- What partners' token endpoints gave last, shared by all processes that call for an account. A refresh token may be good once only, so
-- the one that came with the newest access token must not be lost.
create table oauth_tokens (
  account     text primary key,
  grant_hash  bytea not null check (octet_length(grant_hash) = 32),
  version     integer not null default 1,
  wrapped_key bytea not null,
  sealed      bytea not null,
  updated_at  timestamptz not null default clock_timestamp()
);

comment on column oauth_tokens.account is '<partner>.<integration>';
comment on column oauth_tokens.grant_hash is 'SHA-256 of what the manifest says of the grant: another grant begins anew';

grant select, insert, update on oauth_tokens to trunkline_app;
