create table commands (
  id              uuid primary key,
  partner         text not null,
  integration     text not null,
  action          text not null,
  lane            text not null,
  tenant          text not null,
  route           text not null,
  target          text not null,
  event_id        uuid not null,
  correlation_id  uuid not null,
  state           text not null check (state in ('running', 'waiting', 'released', 'succeeded', 'dead', 'expired', 'skipped', 'uncertain')),
  attempts        integer not null,
  spent           integer not null,
  redrives        integer not null,
  taken_over      boolean not null default false,
  leased_by       text,
  lease_until     timestamptz,
  next_attempt_at timestamptz,
  deadline        timestamptz not null,
  last_failure    jsonb,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
) with (fillfactor = 80);

comment on column commands.attempts is 'claims ever made; with the id it names the outcome event';
comment on column commands.spent is 'claims since the command was issued or redriven; what the retry limit counts';
comment on column commands.taken_over is 'the claim before this one ended with nobody knowing what happened';

grant select, insert, update on commands to trunkline_app;
