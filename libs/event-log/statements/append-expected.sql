-- Appends one event as version $14 of stream $13. The unique index refuses a version that is taken.
insert into events (id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers, stream, stream_version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
returning id, tx, position
