-- $1 partner, $2 process; $3…$5 integration, state and reason of each account. `since` stays while the state does; what has not been told
-- for ten minutes, by whatever process, goes.
with gone as (
  delete from account_states where seen_at < clock_timestamp() - interval '10 minutes' and not (partner = $1 and process = $2)
)
insert into account_states as a (partner, integration, process, state, reason, since, seen_at)
select $1, t.integration, $2, t.state, t.reason, clock_timestamp(), clock_timestamp()
from unnest($3::text[], $4::text[], $5::text[]) as t(integration, state, reason)
on conflict (partner, integration, process) do update set
  since = case when a.state = excluded.state then a.since else excluded.since end,
  state = excluded.state,
  reason = excluded.reason,
  seen_at = excluded.seen_at
