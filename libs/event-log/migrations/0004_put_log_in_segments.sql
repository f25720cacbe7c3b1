-- The log becomes a row of segments, so that what is old can go as a whole: docs/decisions/0040. Stop the rooms before: this takes the log
-- for itself, and reads it once to note every id. Events keep their place; what readers remember stays right.
lock table events;

-- The log as it was becomes segment 1, closed. What is about the hub itself, and every stream, goes into segment 0, which never closes.
alter table events rename to events_1;
alter table events_1 rename constraint events_pkey to events_1_pkey;
alter index events_in_order rename to events_1_in_order;
alter index events_recorded_at rename to events_1_recorded_at;
drop trigger events_announced on events_1;
drop function event_json(events_1);
alter table events_1 alter column position drop identity;
alter table events_1 add column segment integer not null default 1;
alter table events_1 alter column segment drop default;

create sequence events_position_seq;
select setval('events_position_seq', coalesce((select max(position) from events_1), 0) + 1, false);

create table events (
  position       bigint not null default nextval('events_position_seq'),
  id             uuid not null,
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
  tx             xid8 not null default pg_current_xact_id(),
  segment        integer not null
) partition by list (segment);
alter sequence events_position_seq owned by events.position;
comment on column events.segment is 'segments.id; chosen by the statement that appends: the open segment of the category, 0 for streams';

create table segments (
  id            integer primary key,
  category      text not null,
  holds         text[] not null,
  opened_at     timestamptz not null default clock_timestamp(),
  closed_at     timestamptz,
  last_tx       xid8,
  last_position bigint,
  held_by       text,
  dropped_at    timestamptz,
  swept_at      timestamptz,
  forgotten_at  timestamptz
);
-- One open segment for each category: where its next event goes.
create unique index segments_open on segments (category) where closed_at is null;
create sequence segments_id_seq as integer start 2 owned by segments.id;

comment on column segments.holds is 'the categories that it may hold; it goes by the longest retention of them';
comment on column segments.last_tx is 'with last_position, of a closed segment: nothing in it stands after this place, now or ever';
comment on column segments.held_by is 'what keeps a segment that is old enough from going';
comment on column segments.swept_at is 'when the ledger and the read models no longer knew its events';
comment on column segments.forgotten_at is 'when the ids of its events were given up: a twin would be a new event from then on';

-- Which ids were ever appended: the log's unique key, over all segments and longer than they last. Finds an event without asking each of them.
create table event_ids (
  id             uuid not null,
  correlation_id uuid not null,
  tx             xid8 not null,
  position       bigint not null,
  segment        integer not null
);

-- Gives a segment its table. Nobody else sees it before it is attached.
create function create_segment_table(of_segment integer) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare name text := 'events_' || of_segment;
begin
  execute format('create table public.%I (like public.events including defaults)', name);
  -- Readers go by (tx, position): docs/decisions/0002.
  execute format('create unique index %I on public.%I (tx, position)', name || '_in_order', name);
  -- Finds where a moment stands without an index entry per event.
  execute format('create index %I on public.%I using brin (recorded_at) with (pages_per_range = 32)', name || '_recorded_at', name);
  return name;
end $$;
revoke all on function create_segment_table from public;

select create_segment_table(0);
create unique index events_0_stream_version on events_0 (stream, stream_version) where stream is not null;
insert into segments (id, category, holds) values (0, 'operator', '{operator}');
do $$
declare columns constant text := 'position, id, stream, stream_version, type, partner, integration, tenant, correlation_id, causation_id, occurred_at,
  recorded_at, schema_version, content_type, data, headers, tx';
begin
  execute format('insert into events_0 (%s, segment) select %s, 0 from events_1 where split_part(type, ''.'', 1) = ''operator'' or stream is not null', columns, columns);
end $$;
delete from events_1 where split_part(type, '.', 1) = 'operator' or stream is not null;
alter table events attach partition events_0 for values in (0);

insert into event_ids select id, correlation_id, tx, position, 0 from events_0;
insert into event_ids select id, correlation_id, tx, position, 1 from events_1;
alter table event_ids add primary key (id);

do $$ begin
  if exists (select from events_1) then
    alter table events_1 drop constraint events_1_pkey;
    drop index events_stream_version;
    insert into segments (id, category, holds, opened_at, closed_at, last_tx, last_position)
    select 1, 'before', array(select distinct split_part(type, '.', 1) from events_1), (select min(recorded_at) from events_1), clock_timestamp(), tx, position
    from events_1 order by tx desc, position desc limit 1;
    alter table events attach partition events_1 for values in (1);
    revoke all on events_1 from trunkline_app;
  else
    drop table events_1;
  end if;
end $$;

-- Categories with many events have segments of their own; the others share one until they are given a retention.
insert into segments (id, category, holds)
select nextval('segments_id_seq'), category, holds
from (values ('inbound', '{inbound}'::text[]), ('command', '{command}'), ('other', '{sync,resource,integration,schedule}')) as first (category, holds);
do $$
declare fresh integer;
begin
  for fresh in select id from segments where id > 1 loop
    execute format('alter table events attach partition %I for values in (%s)', create_segment_table(fresh), fresh);
  end loop;
end $$;

create trigger events_announced after insert on events for each statement execute function announce_append();

-- The body as JSON where it is JSON, for people who query the log by hand.
create function event_json(event events) returns jsonb language plpgsql stable as $$
begin
  return convert_from(event.data, 'UTF8')::jsonb;
exception when others then
  return null;
end $$;

-- Segments are reached through the log alone: no grant on any of them.
grant select, insert on events, event_ids to trunkline_app;
grant usage on sequence events_position_seq to trunkline_app;
grant select, update (held_by) on segments to trunkline_app;
