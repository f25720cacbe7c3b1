-- Adds the events after ($1, $2) up to ($3, $4) to each account's status. Counts: run once per range, which the caller's position sees to.
with batch as materialized (
  select e.tx, e.position, e.id, e.partner, e.integration, e.type, e.recorded_at, (e.r).failure as failure
  from (
    select *, case when type in ('command.retrying', 'command.dead-lettered', 'command.uncertain') then read_command_report(data) end as r
    from events
    where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint) and (segment > $5::integer or segment = any($6::integer[]))
    offset 0
  ) as e
), latest as (
  select distinct on (partner, integration) partner, integration, id, type, recorded_at
  from batch order by partner, integration, tx desc, position desc
), failed as (
  select distinct on (partner, integration) partner, integration, recorded_at, (failure).class, (failure).code, (failure).message
  from batch where (failure).code is not null order by partner, integration, tx desc, position desc
), counted as (
  select partner, integration, count(*) as events,
    count(*) filter (where type like 'inbound.%') as received,
    count(*) filter (where type = 'command.succeeded') as succeeded,
    count(*) filter (where type = 'command.retrying') as retried,
    count(*) filter (where type = 'command.dead-lettered') as dead,
    count(*) filter (where type = 'command.expired') as expired,
    count(*) filter (where type = 'command.skipped') as skipped,
    count(*) filter (where type = 'command.uncertain') as uncertain,
    max(recorded_at) filter (where type like 'inbound.%') as last_received_at,
    max(recorded_at) filter (where type = 'command.succeeded') as last_success_at
  from batch group by partner, integration
)
insert into integration_status as s (partner, integration, events, received, succeeded, retried, dead, expired, skipped, uncertain,
  last_event_id, last_event_type, last_event_at, last_received_at, last_success_at,
  last_failure_at, last_failure_class, last_failure_code, last_failure_message)
select c.partner, c.integration, c.events, c.received, c.succeeded, c.retried, c.dead, c.expired, c.skipped, c.uncertain,
  l.id, l.type, l.recorded_at, c.last_received_at, c.last_success_at, f.recorded_at, f.class, f.code, f.message
from counted c
join latest l using (partner, integration)
left join failed f using (partner, integration)
on conflict (partner, integration) do update set
  events = s.events + excluded.events,
  received = s.received + excluded.received,
  succeeded = s.succeeded + excluded.succeeded,
  retried = s.retried + excluded.retried,
  dead = s.dead + excluded.dead,
  expired = s.expired + excluded.expired,
  skipped = s.skipped + excluded.skipped,
  uncertain = s.uncertain + excluded.uncertain,
  last_event_id = excluded.last_event_id,
  last_event_type = excluded.last_event_type,
  last_event_at = excluded.last_event_at,
  last_received_at = coalesce(excluded.last_received_at, s.last_received_at),
  last_success_at = coalesce(excluded.last_success_at, s.last_success_at),
  last_failure_class = case when excluded.last_failure_at is null then s.last_failure_class else excluded.last_failure_class end,
  last_failure_code = case when excluded.last_failure_at is null then s.last_failure_code else excluded.last_failure_code end,
  last_failure_message = case when excluded.last_failure_at is null then s.last_failure_message else excluded.last_failure_message end,
  last_failure_at = coalesce(excluded.last_failure_at, s.last_failure_at)
