-- How each connector stands to each of its accounts, told by itself every few seconds: what people are told without a Prometheus.
-- Nothing is decided by it, and it may be emptied at any time.
create table account_states (
  partner     text not null,
  integration text not null,
  process     text not null,
  state       text not null check (state in ('open', 'breaker-open', 'held', 'refused', 'shut')),
  reason      text,
  since       timestamptz not null,
  seen_at     timestamptz not null,
  primary key (partner, integration, process)
) with (fillfactor = 50);

grant select, insert, update, delete on account_states to trunkline_app;

-- What became of requests to webhook URLs, by minute, for a day: told by every ingest, so that people hear of refusals without a Prometheus.
create table webhook_minutes (
  partner     text not null,
  integration text not null,
  minute      timestamptz not null,
  good        integer not null,
  refused     integer not null,
  stale       integer not null,
  other       integer not null,
  primary key (partner, integration, minute)
) with (fillfactor = 50);
create index webhook_minutes_by_time on webhook_minutes (minute);

comment on column webhook_minutes.refused is 'for their signature, its secret, their body or its type';
comment on column webhook_minutes.stale is 'refused because the signed time is too far from ours';

grant select, insert, update, delete on webhook_minutes to trunkline_app;

-- What the notifier has told people, so that a restart, or a second notifier, does not tell it again.
create table notices (
  condition    text not null,
  subject      text not null,
  since        timestamptz not null,
  claimed_at   timestamptz not null,
  told_at      timestamptz,
  recovered_at timestamptz,
  primary key (condition, subject)
) with (fillfactor = 50);

comment on column notices.subject is 'what the condition is about: <partner>/<integration>, with a lane or an action; a reader of the log; empty for the hub';
comment on column notices.claimed_at is 'when a notifier last said that it is telling this; one that died in between is succeeded by another';
comment on column notices.told_at is 'when a channel last took it; null until the first did';

grant select, insert, update on notices to trunkline_app;
