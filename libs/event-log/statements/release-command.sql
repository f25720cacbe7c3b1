-- Hands a settled command back to the queue and records who asked for it, if it still stands as it was read.
with released as (
  update commands set state = 'released', redrives = redrives + 1, spent = 0, next_attempt_at = null, taken_over = false, updated_at = clock_timestamp()
  where id = $13 and attempts = $14 and redrives = $15 and state in ('dead', 'expired', 'skipped', 'uncertain')
  returning id
)
insert into events (id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from released
returning id
