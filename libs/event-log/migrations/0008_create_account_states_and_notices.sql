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

-- What the notifier has told people, so that a restart, or a second notifier, does not tell it again.
create table notices (
  condition    text not null,
  subject      text not null,
  since        timestamptz not null,
  told_at      timestamptz not null,
  reminded_at  timestamptz,
  recovered_at timestamptz,
  primary key (condition, subject)
) with (fillfactor = 50);

comment on column notices.subject is 'what the condition is about: <partner>.<integration>, with a lane or an action; a reader of the log; empty for the hub';

grant select, insert, update, delete on notices to trunkline_app;
