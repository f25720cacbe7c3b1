-- Who gets a row may remind people, by message $4 and from $3 on, of what was last told at $5 and nobody has told since. One that is being
-- told is for another only when the teller of its message ($6) is gone.
update notices set telling = 'reminded', claim = $4, claimed_at = $3
where condition = $1 and subject = $2 and recovered_at is null and told_at = $5 and (telling is null or (telling = 'reminded' and claim = $6))
returning since
