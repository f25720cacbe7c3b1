-- Whether anything stands beyond a checkpoint, readable yet or not.
select exists (select 1 from events where (tx, position) > ($1::xid8, $2::bigint)) as beyond
