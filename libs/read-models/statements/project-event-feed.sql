-- Copies the events after ($1, $2) up to ($3, $4) into the feed, inside Postgres. Running it twice changes nothing.
with batch as materialized (
  select tx, position, id, partner, integration, type, correlation_id, recorded_at
  from events
  where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint)
), kinds as (
  insert into event_kinds
  select distinct partner, integration, type from batch
  on conflict do nothing
), minutes as (
  insert into event_minutes
  select distinct on (1) date_trunc('minute', recorded_at), tx, position from batch order by 1, tx, position
  on conflict do nothing
)
insert into event_feed
select tx, position, id, partner, integration, type, correlation_id, recorded_at from batch
on conflict do nothing
