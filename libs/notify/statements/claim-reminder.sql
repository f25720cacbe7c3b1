-- Who gets a row may remind people, at $3, of what was last told at $4 or before.
update notices set told_at = $3 where condition = $1 and subject = $2 and recovered_at is null and told_at <= $4
returning since
