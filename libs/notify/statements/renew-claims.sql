-- These ($1 conditions, $2 subjects) are still being told, at $3, since no channel has taken them yet.
update notices set claimed_at = $3
from unnest($1::text[], $2::text[]) as t(condition, subject)
where notices.condition = t.condition and notices.subject = t.subject and notices.told_at is null and notices.recovered_at is null
