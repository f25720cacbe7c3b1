-- The event of command $1, while $2 has it in hand.
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers
from event_behind($1, $2)
