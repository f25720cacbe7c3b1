-- The data of a `command.*` event, and of `operator.redrive-requested`, as far as the read models need it (contract: CommandReport).
create type reported_answer as (status integer, reference text);
create type reported_failure as (class text, code text, message text);
create type reported_command as (id uuid, action text, route text, target text, lane text);
create type command_report as (
  "commandId" uuid, action text, route text, target text, lane text, attempt integer, redrive integer, "durationMs" double precision,
  answer reported_answer, failure reported_failure, "nextAttemptAt" timestamptz, command reported_command
);

-- Reads a report. Text that Postgres cannot hold (NUL) loses those characters; what is no report at all gives null and holds nobody up.
create function read_command_report(data bytea) returns command_report language plpgsql stable as $$
begin
  return jsonb_populate_record(null::command_report, convert_from(data, 'UTF8')::jsonb);
exception when others then
  begin
    return jsonb_populate_record(null::command_report, replace(convert_from(data, 'UTF8'), '\u0000', '')::jsonb);
  exception when others then
    return null;
  end;
end $$;

-- Every kind of command ever attempted: what filters go by.
create table delivery_kinds (
  id          integer generated always as identity primary key,
  partner     text not null,
  integration text not null,
  action      text not null,
  route       text not null,
  target      text not null,
  unique (partner, integration, action, route, target)
);

-- One row per command that was attempted at least once. Its event is in the commands ledger.
create table deliveries (
  command_id       uuid primary key,
  kind             integer not null,
  tenant           text not null,
  lane             text not null,
  correlation_id   uuid not null,
  state            text not null,
  attempts         integer not null,
  redrives         integer not null,
  duration_ms      double precision,
  answer_status    integer,
  answer_reference text,
  failure_class    text,
  failure_code     text,
  failure_message  text,
  next_attempt_at  timestamptz,
  first_tx         xid8 not null,
  first_position   bigint not null,
  first_at         timestamptz not null,
  last_tx          xid8 not null,
  last_position    bigint not null,
  last_at          timestamptz not null
) with (fillfactor = 85);
create index deliveries_in_order on deliveries (first_tx, first_position);
create index deliveries_by_kind on deliveries (kind, first_tx, first_position);
-- Most commands succeed; these two hold only the others.
create index deliveries_unsettled on deliveries (kind, state, first_tx, first_position) where state <> 'succeeded';
create index deliveries_set_aside on deliveries (last_tx, last_position) where state in ('dead', 'expired', 'uncertain');

comment on column deliveries.kind is 'delivery_kinds.id';

grant select, insert, update, truncate on deliveries to trunkline_app;
grant select, insert, truncate on delivery_kinds to trunkline_app;
