-- Only what no running transaction can still get in front of: docs/decisions/0002.
-- $4, $5: the segments ahead, so that Postgres opens no other where it plans with them: docs/decisions/0040.
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers
from events
where (tx, position) > ($1::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot()) and (segment > $4::integer or segment = any($5::integer[]))
order by tx, position
limit $3::integer
