-- Hands a settled command back to the queue and records who asked for it, if it still stands as it was read.
with released as (
  update commands set state = 'released', redrives = redrives + 1, spent = 0, next_attempt_at = null, taken_over = false, updated_at = clock_timestamp()
  where id = $13 and attempts = $14 and redrives = $15 and state in ('dead', 'expired', 'skipped', 'uncertain')
  returning id
), known as (
  -- What an operator does is in segment 0, which is kept.
  insert into event_ids (id, correlation_id, tx, position, segment)
  select $1::uuid, $6::uuid, pg_current_xact_id(), nextval('events_position_seq'), 0 from released
  returning position
)
insert into events (position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, segment)
select position, $1::uuid, $2, $3, $4, $5, $6::uuid, $7::uuid, $8::timestamptz, $9::smallint, $10, $11::bytea, $12::jsonb, 0 from known
returning id
