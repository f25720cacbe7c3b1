-- A closed segment never changes, so what is in it is read once. What may change is asked of small tables at each look, and before anything
-- is read: docs/decisions/0041.
alter table segments
  add column events         integer,
  add column since          timestamptz,
  add column until          timestamptz,
  add column first_position bigint,
  add column first_flow     uuid,
  add column last_flow      uuid,
  add column ended_before   xid8;

comment on column segments.events is 'with since, until, first_position and the flows: what is in a closed segment; null until it was read';
comment on column segments.first_flow is 'with last_flow: the smallest and the largest correlation id in it; a command beyond them is of no flow in it';
comment on column segments.ended_before is 'every flow in it had ended once all transactions before this one had; only rows of commands that are younger can say otherwise';

create function is_unfinished(state text, updated_at timestamptz) returns boolean language sql volatile as $$
  select state in ('running', 'waiting', 'released') or (state in ('dead', 'expired', 'uncertain') and updated_at > clock_timestamp() - interval '30 days')
$$;

-- What keeps a segment from going, as far as that can be said without looking into it.
create function hindrance_outside(of_segment integer, readers text[]) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  it public.segments;
  keep interval := public.retention_of_segment(of_segment);
  found text;
begin
  select * into it from public.segments where id = of_segment;
  if it.id is null or it.closed_at is null or it.category = 'operator' then return 'open'; end if;
  if it.dropped_at is not null then return 'gone'; end if;
  if keep is null then return 'kept'; end if;
  -- A clock that was ahead may have dated events later than the segment's end.
  if greatest(it.closed_at, it.until) > clock_timestamp() - keep then return 'young'; end if;

  select 'reader ' || wanted.reader into found from unnest(readers) with ordinality as wanted (reader, place)
  where not exists (select from public.reader_positions r where r.reader = wanted.reader) order by place limit 1;
  if found is not null then return found; end if;
  select 'reader ' || reader into found from public.reader_positions where (tx, position) < (it.last_tx, it.last_position) order by reader limit 1;
  return found;
end $$;

-- A command that is not finished and of a flow in a segment, among those whose rows are younger than a transaction; null when there is none.
-- The segment is read only when there is one that can be of a flow in it, and then once for all of them.
create function unfinished_in(it segments, than xid8) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp set enable_seqscan = on set enable_nestloop = off as $$
declare found text;
begin
  execute format($q$
    with suspect as materialized (
      select id, state, correlation_id from public.commands
      where public.is_unfinished(state, updated_at) and correlation_id between $1 and $2 and ($3 is null or age(xmin) <= age($3::xid))
    )
    select 'command ' || s.id || ' is ' || s.state from suspect s
    where (select count(*) from suspect) > 0 and s.correlation_id in (select correlation_id from public.%I) limit 1 $q$, 'events_' || it.id)
  into found using it.first_flow, it.last_flow, than;
  return found;
end $$;

-- Whether such a note still says something: transaction ids begin anew in a cluster that was restored from a dump, and are compared in a circle.
create function still_says(ended_before xid8) returns boolean language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::numeric - ended_before::text::numeric between 0 and 1000000000, false)
$$;

revoke all on function is_unfinished, hindrance_outside, unfinished_in, still_says from public;

-- What keeps a closed segment from going, as `<word> <detail>`; null when nothing does. `readers` are those that must have read it.
-- Notes what it read at its very end: before, this transaction has no id, and holds no reader of the log back.
create or replace function segment_hindrance(of_segment integer, readers text[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = on as $$
declare
  found text := public.hindrance_outside(of_segment, readers);
  before xid8 := pg_snapshot_xmin(pg_current_snapshot());
  it public.segments;
  was_read boolean;
begin
  if found is not null then return found; end if;
  select * into it from public.segments where id = of_segment;
  -- The command that was found the last time is asked for first.
  if it.held_by ~ '^command [0-9a-f-]{36} ' then
    select 'command ' || id || ' is ' || state into found from public.commands
    where id = split_part(it.held_by, ' ', 2)::uuid and public.is_unfinished(state, updated_at);
    if found is not null then return found; end if;
  end if;

  was_read := it.events is not null;
  if not was_read then
    execute format('select count(*), min(recorded_at), max(recorded_at), min(position),
      min(correlation_id::text collate "C")::uuid, max(correlation_id::text collate "C")::uuid from public.%I', 'events_' || of_segment)
    into it.events, it.since, it.until, it.first_position, it.first_flow, it.last_flow;
  end if;
  if it.until > clock_timestamp() - public.retention_of_segment(of_segment) then found := 'young';
  else found := public.unfinished_in(it, case when public.still_says(it.ended_before) then it.ended_before end);
  end if;
  if found is null or not was_read then
    update public.segments set events = it.events, since = it.since, until = it.until, first_position = it.first_position,
      first_flow = it.first_flow, last_flow = it.last_flow, ended_before = case when found is null then before else ended_before end
    where id = of_segment;
  end if;
  return found;
end $$;

-- Removes a closed segment with all its events. Answers what hinders it instead, and null once it is gone. It goes by what `segment_hindrance`
-- read, and asks again for all that may have changed since: `unread` when nothing was read.
create or replace function drop_segment(of_segment integer, readers text[]) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  hindrance text := public.hindrance_outside(of_segment, readers);
  it public.segments;
begin
  if hindrance is not null then return hindrance; end if;
  select * into it from public.segments where id = of_segment;
  if it.events is null or not public.still_says(it.ended_before) then return 'unread'; end if;
  hindrance := public.unfinished_in(it, it.ended_before);
  if hindrance is not null then return hindrance; end if;
  perform public.lock_log();
  -- Its files are removed after the locks are let go.
  execute format('drop table public.%I', 'events_' || of_segment);
  update public.segments set dropped_at = clock_timestamp(), held_by = null where id = of_segment;
  return null;
end $$;
