-- Persons, and nothing about them but keys: what makes bodies on the log readable. A schema of its own, so that a backup of the data
-- can leave it out, and the keys can be backed up alone, only the newest being kept: docs/privacy.md.
create schema people;

-- A person, as far as webhooks let one be told from another. `key` is sealed under a master key; without it nothing of them can be read.
create table people.subjects (
  id         uuid primary key,
  tenant     text not null,
  key        bytea,
  created_at timestamptz not null default clock_timestamp(),
  erased_at  timestamptz,
  check ((key is null) = (erased_at is not null))
);

-- The keys that there are, for whoever seals them anew under another master key.
create view people.subject_keys as select id, key from people.subjects where key is not null;

-- By what a person is found: HMAC-SHA256 of tenant, kind and value. No value is kept anywhere.
create table people.subject_identifiers (
  hash    bytea primary key check (octet_length(hash) = 32),
  subject uuid not null,
  kind    text not null
);
create index subject_identifiers_by_subject on people.subject_identifiers (subject);

-- The key of those hashes, sealed under a master key; there is one.
create table people.peppers (
  one    boolean primary key default true check (one),
  sealed bytea not null
);

-- Who wants no messages. Outlives an erasure: a hash alone tells nobody who it is.
create table people.suppressions (
  hash   bytea primary key check (octet_length(hash) = 32),
  tenant text not null,
  kind   text not null,
  state  text not null check (state in ('suppressed', 'allowed')),
  since  timestamptz not null,
  source text not null
);
create index suppressions_in_force on people.suppressions (tenant) where state = 'suppressed';

comment on column people.suppressions.source is 'event:<id>, or <kind>:<id> of the principal';

grant select, update (key) on people.subject_keys to trunkline_app;
grant usage on schema people to trunkline_app;
grant select, insert, update (key, erased_at) on people.subjects to trunkline_app;
grant select, insert, delete on people.subject_identifiers to trunkline_app;
grant select, insert, update (sealed) on people.peppers to trunkline_app;
grant select, insert, update (state, since, source) on people.suppressions to trunkline_app;

-- Lets whoever erases a key also have the table written anew, so that nothing of it is left in the file. Older servers cannot grant it.
do $$ begin
  if current_setting('server_version_num')::integer >= 170000 then
    execute 'grant maintain on people.subjects, people.subject_identifiers to trunkline_app';
  end if;
end $$;
