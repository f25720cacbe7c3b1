-- Who gets a row may tell people, by message $4 and from $3 on, that it is over. Nobody gets one while it is being told, unless by a
-- message ($5) whose teller is gone.
update notices set telling = 'recovered', claim = $4, claimed_at = $3
where condition = $1 and subject = $2 and recovered_at is null and (telling is distinct from 'recovered' or claim = $5)
returning since
