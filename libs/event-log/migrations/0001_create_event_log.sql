-- The services' role: it may append and read, never change or remove what is on record.
-- Roles belong to the whole cluster: another database's migration may do the same at the same moment (XX000: "concurrently updated").
do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'trunkline_app') then
    create role trunkline_app nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  if not pg_has_role(current_user, 'trunkline_app', 'member') then
    execute format('grant trunkline_app to %I', current_user);
  end if;
exception when unique_violation or internal_error then null;
end $$;

create table events (
  position       bigint generated always as identity,
  id             uuid primary key,
  stream         text,
  stream_version integer,
  type           text not null,
  partner        text not null,
  integration    text not null,
  tenant         text not null,
  correlation_id uuid not null,
  causation_id   uuid,
  occurred_at    timestamptz not null,
  recorded_at    timestamptz not null default clock_timestamp(),
  schema_version smallint not null,
  content_type   text not null,
  data           bytea not null,
  headers        jsonb not null,
  tx             xid8 not null default pg_current_xact_id()
);

-- Readers go by (tx, position): docs/decisions/0002.
create unique index events_in_order on events (tx, position);
create unique index events_stream_version on events (stream, stream_version) where stream is not null;
-- Lets a rewind find where a moment stands without an index entry per event.
create index events_recorded_at on events using brin (recorded_at) with (pages_per_range = 32);

-- One wake-up for each statement that appends, whoever appends.
create function announce_append() returns trigger language plpgsql as $$
begin
  perform pg_notify('trunkline_log', '');
  return null;
end $$;
create trigger events_announced after insert on events for each statement execute function announce_append();

-- The body as JSON where it is JSON, for people who query the log by hand.
create function event_json(event events) returns jsonb language plpgsql stable as $$
begin
  return convert_from(event.data, 'UTF8')::jsonb;
exception when others then
  return null;
end $$;

create table reader_positions (
  reader     text primary key,
  tx         xid8 not null,
  position   bigint not null,
  memory     jsonb not null default '{}',
  updated_at timestamptz not null default now()
);

grant select, insert on events to trunkline_app;
grant select, insert, update on reader_positions to trunkline_app;
