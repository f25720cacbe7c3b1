-- A stream's events after a version, oldest first.
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers, stream_version
from events where segment = 0 and stream = $1 and stream_version > $2 order by stream_version
