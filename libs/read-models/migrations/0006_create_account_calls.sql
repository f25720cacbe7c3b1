-- Whether an attempt asked anything of the partner. A report that does not say so did.
alter type command_report add attribute called boolean;

-- Calls per account and UTC day: what budgets are measured by.
create table account_days (
  partner     text not null,
  integration text not null,
  day         date not null,
  calls       bigint not null,
  primary key (partner, integration, day)
) with (fillfactor = 50);

-- What became of the calls of the last day, by minute: what the hub itself looks at to tell that an account is in trouble.
create table account_minutes (
  partner     text not null,
  integration text not null,
  minute      timestamptz not null,
  calls       integer not null,
  failed      integer not null,
  refused     integer not null,
  slow        integer not null,
  dead        integer not null,
  primary key (partner, integration, minute)
) with (fillfactor = 50);
create index account_minutes_by_time on account_minutes (minute);

comment on column account_minutes.refused is 'calls that failed because the partner refused our credentials';
comment on column account_minutes.slow is 'calls that took longer than five seconds';
comment on column account_minutes.dead is 'commands that ended as dead letters, also without a call';

grant select, insert, update, truncate on account_days to trunkline_app;
grant select, insert, update, delete, truncate on account_minutes to trunkline_app;
