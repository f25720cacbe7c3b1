-- $1…$12: one array per column. `event_ids` decides who was first; only that one is appended, and comes back.
with incoming as materialized (
  select e.*, nextval('events_position_seq') as position,     coalesce(own.id, (select id from segments where category = 'other' and closed_at is null)) as segment
  from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::timestamptz[], $9::smallint[], $10::text[], $11::bytea[], $12::jsonb[])
    as e(id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers)
  left join segments as own on own.category = split_part(e.type, '.', 1) and own.closed_at is null
), first as (
  insert into event_ids (id, correlation_id, tx, position, segment)
  select id, correlation_id, pg_current_xact_id(), position, segment from incoming
  on conflict (id) do nothing
  returning position
)
insert into events (position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, segment)
select i.position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, segment
from incoming i join first using (position)
returning id, tx, position
