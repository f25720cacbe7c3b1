-- Folds the outcomes and redrives after ($1, $2) up to ($3, $4) into one row per command.
-- A row only ever moves forward in the log, so reading the same events again changes nothing.
with report as (
  select e.tx, e.position, e.partner, e.integration, e.tenant, e.correlation_id, e.recorded_at,
    coalesce((r)."commandId", ((r).command).id) as command_id,
    coalesce((r).action, ((r).command).action) as action,
    coalesce((r).route, ((r).command).route) as route,
    coalesce((r).target, ((r).command).target) as target,
    coalesce((r).lane, ((r).command).lane) as lane,
    case e.type
      when 'command.succeeded' then 'succeeded'
      when 'command.retrying' then 'waiting'
      when 'command.dead-lettered' then 'dead'
      when 'command.expired' then 'expired'
      when 'command.skipped' then 'skipped'
      when 'command.uncertain' then 'uncertain'
      when 'operator.redrive-requested' then 'released'
    end as state,
    coalesce((r).attempt, 0) as attempt, coalesce((r).redrive, 0) as redrive, (r)."durationMs" as duration_ms,
    ((r).answer).status as answer_status, ((r).answer).reference as answer_reference,
    (r).failure as failure, (r)."nextAttemptAt" as next_attempt_at
  from (
    select *, read_command_report(data) as r
    from events
    where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint) and (segment > $5::integer or segment = any($6::integer[]))
      and type in ('command.succeeded', 'command.retrying', 'command.dead-lettered', 'command.expired', 'command.skipped', 'command.uncertain',
        'operator.redrive-requested')
    offset 0
  ) as e
), story as materialized (
  -- The last row of each command tells all of it.
  select *,
    lead(position) over told is null as is_last,
    max(attempt) over told as attempts,
    max(redrive) over told as redrives,
    array_agg(failure) filter (where (failure).code is not null) over told as failures,
    first_value(tx) over told as first_tx,
    first_value(position) over told as first_position,
    first_value(recorded_at) over told as first_at
  from report
  where command_id is not null and action is not null and route is not null and target is not null and lane is not null
  window told as (partition by command_id order by tx, position)
), fresh as (
  insert into delivery_kinds (partner, integration, action, route, target, tenant)
  select distinct partner, integration, action, route, target, tenant from story
  except
  select partner, integration, action, route, target, tenant from delivery_kinds
  returning id, partner, integration, action, route, target, tenant
), kinds as (
  select id, partner, integration, action, route, target, tenant from delivery_kinds
  union all
  select id, partner, integration, action, route, target, tenant from fresh
)
insert into deliveries as d (command_id, kind, lane, correlation_id, state, attempts, redrives, duration_ms, answer_status, answer_reference,
  failure_class, failure_code, failure_message, next_attempt_at, first_tx, first_position, first_at, last_tx, last_position, last_at)
select s.command_id, k.id, s.lane, s.correlation_id, s.state, s.attempts, s.redrives, s.duration_ms, s.answer_status, s.answer_reference,
  (f.failure).class, (f.failure).code, (f.failure).message, s.next_attempt_at, s.first_tx, s.first_position, s.first_at, s.tx, s.position, s.recorded_at
from story as s
join kinds as k using (partner, integration, action, route, target, tenant)
cross join lateral (select s.failures[array_upper(s.failures, 1)] as failure) as f
where s.is_last
on conflict (command_id) do update set
  state = excluded.state,
  attempts = greatest(d.attempts, excluded.attempts),
  redrives = greatest(d.redrives, excluded.redrives),
  duration_ms = excluded.duration_ms,
  answer_status = excluded.answer_status,
  answer_reference = excluded.answer_reference,
  failure_class = case when excluded.failure_code is null then d.failure_class else excluded.failure_class end,
  failure_message = case when excluded.failure_code is null then d.failure_message else excluded.failure_message end,
  failure_code = coalesce(excluded.failure_code, d.failure_code),
  next_attempt_at = excluded.next_attempt_at,
  last_tx = excluded.last_tx,
  last_position = excluded.last_position,
  last_at = excluded.last_at
where (excluded.last_tx, excluded.last_position) > (d.last_tx, d.last_position)
