-- A channel took these messages ($1), at $2.
update notices set told_at = $2, recovered_at = case when telling = 'recovered' then $2::timestamptz end, telling = null
where claim = any($1::uuid[]) and telling is not null
