-- The place in the log just before everything recorded since $1.
select tx, position from events where recorded_at >= $1::timestamptz order by tx, position limit 1
