-- Who gets a row may tell people that it is over, since $3.
update notices set recovered_at = $3 where condition = $1 and subject = $2 and recovered_at is null
returning since
