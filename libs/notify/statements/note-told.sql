-- A channel took these ($1 conditions, $2 subjects) at $3.
update notices set told_at = $3
from unnest($1::text[], $2::text[]) as t(condition, subject)
where notices.condition = t.condition and notices.subject = t.subject and notices.recovered_at is null
