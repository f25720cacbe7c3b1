-- One event as the audit trail takes it down: every column but its place in the log, which a restore may change.
select id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, headers::text as headers, data, stream, stream_version
from events where id = $1
