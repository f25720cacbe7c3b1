-- Whether anything stands beyond a checkpoint, readable yet or not. Asks the newest entry of the index, and no other.
select coalesce((select (tx, position) > ($1::xid8, $2::bigint) from events order by tx desc, position desc limit 1), false) as beyond
