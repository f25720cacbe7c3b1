-- One event by its place, which locate-events.sql gives.
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers
from events where segment = $1::integer and tx = $2::xid8 and position = $3::bigint
