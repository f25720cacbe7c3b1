-- Appends one event as version $14 of stream $13. Streams are in segment 0, whose unique index refuses a version that is taken.
with known as (
  insert into event_ids (id, correlation_id, tx, position, segment)
  values ($1, $6, pg_current_xact_id(), nextval('events_position_seq'), 0)
  returning position
)
insert into events (position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, stream, stream_version, segment)
select position, $1::uuid, $2, $3, $4, $5, $6::uuid, $7::uuid, $8::timestamptz, $9::smallint, $10, $11::bytea, $12::jsonb, $13, $14::integer, 0 from known
returning id, tx, position
