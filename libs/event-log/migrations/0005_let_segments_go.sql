-- What the keeper may do to the log. The services' role owns no table of it: these functions are the owner's, look at everything themselves,
-- and believe nothing that their caller says about age or retention. docs/decisions/0041.

-- A short wait for the whole log: an append waits no longer than this for the keeper.
create function lock_log() returns void language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  perform set_config('lock_timeout', '100ms', true);
  -- Nobody reads by a plan that was made before, and nobody appends by a choice of segment that was made before, once this is held.
  lock table only public.events in access exclusive mode;
end $$;
revoke all on function lock_log from public;

-- What the manifest in force says: for a category how long its events are kept, for `ids` how long ids outlive them. Null: not said.
create function retention_of(word text) returns interval language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select (convert_from(data, 'UTF8')::jsonb -> 'retention' ->> word)::float8 * interval '1 millisecond'
  from public.events where segment = 0 and stream = 'manifest' order by stream_version desc limit 1
$$;

-- The longest retention of what a segment may hold; null when something of it is kept for good. Never less than seven days.
create function retention_of_segment(of_segment integer) returns interval language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select greatest(interval '7 days', max(kept.keep))
  from public.segments s cross join unnest(s.holds) as word cross join lateral (select public.retention_of(word) as keep) as kept
  where s.id = of_segment and s.category <> 'operator'
  having count(*) = count(kept.keep)
$$;

-- Opens a new segment for a category and closes the one before it, if that holds anything. Answers the open segment's number.
create function open_segment(of_category text) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  old public.segments;
  fresh integer;
  is_empty boolean;
  kinds text[] := array['inbound', 'command', 'sync', 'resource', 'integration', 'schedule'];
begin
  if of_category is null or not of_category = any(kinds || 'other'::text) then
    raise exception 'there are no segments for %', of_category using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtext('trunkline segments'));
  select * into old from public.segments where category = of_category and closed_at is null;
  if old.id is not null then
    execute format('select not exists (select from public.%I)', 'events_' || old.id) into is_empty;
    if is_empty then return old.id; end if;
  end if;
  fresh := nextval('public.segments_id_seq');
  perform public.create_segment_table(fresh);
  perform public.lock_log();
  execute format('alter table public.events attach partition public.%I for values in (%s)', 'events_' || fresh, fresh);
  if old.id is not null then
    execute format('update public.segments set closed_at = clock_timestamp(), (last_tx, last_position) =
      (select tx, position from public.%I order by tx desc, position desc limit 1) where id = $1', 'events_' || old.id) using old.id;
  end if;
  insert into public.segments (id, category, holds)
  values (fresh, of_category, case when of_category = 'other' then kinds[3:] else array[of_category] end);
  return fresh;
end $$;

-- What keeps a closed segment from going, as `<word> <detail>`; null when nothing does. `readers` are those that must have read it.
create function segment_hindrance(of_segment integer, readers text[]) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = on as $$
declare
  it public.segments;
  keep interval := public.retention_of_segment(of_segment);
  name text := 'events_' || of_segment;
  found text;
begin
  select * into it from public.segments where id = of_segment;
  if it.id is null or it.closed_at is null or it.category = 'operator' then return 'open'; end if;
  if it.dropped_at is not null then return 'gone'; end if;
  if keep is null then return 'kept'; end if;
  if it.closed_at > clock_timestamp() - keep then return 'young'; end if;
  -- A clock that was ahead may have dated events later than the segment's end.
  execute format('select ''young'' from public.%I where recorded_at > clock_timestamp() - $1 limit 1', name) into found using keep;
  if found is not null then return found; end if;

  select 'reader ' || wanted.reader into found from unnest(readers) with ordinality as wanted (reader, place)
  where not exists (select from public.reader_positions r where r.reader = wanted.reader) order by place limit 1;
  if found is not null then return found; end if;
  select 'reader ' || reader into found from public.reader_positions where (tx, position) < (it.last_tx, it.last_position) order by reader limit 1;
  if found is not null then return found; end if;

  execute format($q$
    with unfinished as materialized (
      select id, state, correlation_id from public.commands
      where state in ('running', 'waiting', 'released')
        or (state in ('dead', 'expired', 'uncertain') and updated_at > clock_timestamp() - interval '30 days')
    )
    select 'command ' || u.id || ' is ' || u.state
    from unfinished u where u.correlation_id in (select correlation_id from public.%I) limit 1 $q$, name) into found;
  return found;
end $$;

-- Removes a closed segment with all its events. Answers what hinders it instead, and null once it is gone.
create function drop_segment(of_segment integer, readers text[]) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare hindrance text := public.segment_hindrance(of_segment, readers);
begin
  if hindrance is not null then return hindrance; end if;
  perform public.lock_log();
  -- Its files are removed after the locks are let go.
  execute format('drop table public.%I', 'events_' || of_segment);
  update public.segments set dropped_at = clock_timestamp(), held_by = null where id = of_segment;
  return null;
end $$;

-- Takes settled commands whose event went with one of these segments out of some pages of the ledger: nothing can route it again. One that
-- was claimed or sent again after that stays, since it may still be in its queue. All stay for the 72 hours that the stream of events keeps
-- what it is given: until then a rewound relay may publish a redrive of them once more. Answers how many pages there are.
create function sweep_ledger(first_page bigint, pages integer, of_segments integer[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from public.commands c using public.event_ids i, public.segments s
  where c.ctid >= format('(%s,0)', first_page)::tid and c.ctid < format('(%s,0)', first_page + pages)::tid
    and c.state in ('succeeded', 'dead', 'expired', 'skipped', 'uncertain')
    and i.id = c.event_id and s.id = i.segment and s.id = any(of_segments) and c.updated_at < s.dropped_at
    and s.dropped_at < clock_timestamp() - interval '72 hours' and c.updated_at < clock_timestamp() - interval '72 hours';
  return pg_relation_size('public.commands') / current_setting('block_size')::bigint;
end $$;

-- Notes that neither the ledger nor the read models know a dropped segment's events any more.
create function note_swept(of_segments integer[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.segments set swept_at = clock_timestamp() where id = any(of_segments) and dropped_at < clock_timestamp() - interval '72 hours' and swept_at is null
$$;

-- Segments whose ids may be given up: swept, and gone for as long as ids are kept: 35 days unless the manifest says otherwise, never less than 7.
create function forgettable_segments() returns integer[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(array_agg(id), '{}') from public.segments
  where swept_at is not null and forgotten_at is null
    and dropped_at < clock_timestamp() - greatest(interval '7 days', coalesce(public.retention_of('ids'), interval '35 days'))
$$;

-- Gives up ids of such segments in some pages of `event_ids`. Answers how many pages there are.
create function forget_ids(first_page bigint, pages integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  -- Once for all rows.
  forgettable integer[] := public.forgettable_segments();
begin
  delete from public.event_ids
  where ctid >= format('(%s,0)', first_page)::tid and ctid < format('(%s,0)', first_page + pages)::tid
    and segment = any(forgettable);
  return pg_relation_size('public.event_ids') / current_setting('block_size')::bigint;
end $$;

-- Notes which of them have no id left in the table.
create function note_forgotten(of_segments integer[]) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update public.segments set forgotten_at = clock_timestamp() where id = any(of_segments) and id = any(public.forgettable_segments())
$$;

-- For the keeper alone.
revoke all on function open_segment, segment_hindrance, drop_segment, sweep_ledger, note_swept, forgettable_segments, forget_ids, note_forgotten from public;
grant execute on function open_segment, segment_hindrance, drop_segment, sweep_ledger, note_swept, forgettable_segments, forget_ids, note_forgotten to trunkline_app;
