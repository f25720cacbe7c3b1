-- Whether anything stands beyond a checkpoint, readable yet or not. Asks the newest entry of each index, and no other.
-- $3, $4: the segments ahead.
select coalesce((
  select (tx, position) > ($1::xid8, $2::bigint) from events where segment > $3::integer or segment = any($4::integer[]) order by tx desc, position desc limit 1
), false) as beyond
