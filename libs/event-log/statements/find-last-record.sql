-- The end of the audit trail.
select id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, headers::text as headers, data, stream, stream_version
from events where segment = 0 and stream = 'audit' order by stream_version desc limit 1
