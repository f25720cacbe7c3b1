-- These messages ($1) are still being told, at $2, since no channel has taken them yet.
update notices set claimed_at = $2 where claim = any($1::uuid[]) and telling is not null
