-- How commands that could not be claimed stand, and how long until that may change.
select id, state, attempts,
  greatest(0, extract(epoch from coalesce(next_attempt_at, lease_until) - clock_timestamp()) * 1000)::integer as wait_ms
from commands where id = any($1::uuid[])
