-- One event as the audit trail takes it down: every column but its place in the log, which a restore may change. The trail speaks of segment 0 alone.
select e.id, type, partner, integration, tenant, e.correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, headers::text as headers, data, stream, stream_version
from event_ids i join events e on e.tx = i.tx and e.position = i.position
where i.id = $1 and i.segment = 0 and e.segment = 0
