-- Copies the events after ($1, $2) up to ($3, $4) into the feed, inside Postgres. Each range is taken once, which the caller's position sees to.
with batch as materialized (
  select tx, position, id, partner, integration, type, tenant, correlation_id, recorded_at
  from events
  where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint) and (segment > $5::integer or segment = any($6::integer[]))
), fresh as (
  insert into event_kinds (partner, integration, type, tenant)
  select distinct partner, integration, type, tenant from batch
  except
  select partner, integration, type, tenant from event_kinds
  returning id, partner, integration, type, tenant
), kinds as (
  select id, partner, integration, type, tenant from event_kinds
  union all
  select id, partner, integration, type, tenant from fresh
), minutes as (
  insert into event_minutes
  select date_trunc('minute', recorded_at), tx, position
  from (select * from batch order by tx, position limit 1) as first
  on conflict do nothing
)
insert into event_feed (tx, position, id, kind, correlation_id, recorded_at)
select b.tx, b.position, b.id, k.id, b.correlation_id, b.recorded_at
from batch as b
join kinds as k using (partner, integration, type, tenant)
