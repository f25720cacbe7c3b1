-- $1…$5 and $20: how each command stands now, and what of its attempts is given back; $6 the owner;
-- $7…$18: the fact of each, in the order of append-events.sql, with $19 naming its command.
-- A command that somebody else took over meanwhile is left alone, and so is its fact.
with outcome as (
  select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::jsonb[], $20::integer[]) as o(id, attempt, state, next_attempt_at, failure, refund)
), settled as (
  update commands c set
    state = o.state, spent = c.spent - o.refund, next_attempt_at = o.next_attempt_at, last_failure = o.failure, leased_by = null, lease_until = null, updated_at = clock_timestamp()
  from outcome o
  where c.id = o.id and c.attempts = o.attempt and c.state = 'running' and c.leased_by = $6
  returning c.id
), fact as (
  select * from unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::text[], $12::uuid[], $13::uuid[], $14::timestamptz[], $15::smallint[], $16::text[], $17::bytea[], $18::jsonb[], $19::uuid[])
    as f(id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, command_id)
), incoming as materialized (
  select f.*, nextval('events_position_seq') as position, (select id from segments where category = 'command' and closed_at is null) as segment
  from fact f
  join settled s on s.id = f.command_id
), first as (
  insert into event_ids (id, correlation_id, tx, position, segment)
  select id, correlation_id, pg_current_xact_id(), position, segment from incoming
  on conflict (id) do nothing
  returning position
)
insert into events (position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, segment)
select i.position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, segment
from incoming i join first using (position)
returning id
