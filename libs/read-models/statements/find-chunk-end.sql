-- The place of the last of the next $3 events after ($1, $2) that no running transaction can still get in front of.
-- $4, $5: the segments ahead.
select tx, position, count
from (
  select tx, position, count(*) over () as count
  from (
    select tx, position from events
    where (tx, position) > ($1::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot()) and (segment > $4::integer or segment = any($5::integer[]))
    order by tx, position
    limit $3::integer
  ) as next
) as chunk
order by tx desc, position desc
limit 1
