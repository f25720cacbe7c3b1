-- Applied manifests after a version, oldest first.
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers, stream_version
from applied_manifests where stream_version > $1 order by stream_version
