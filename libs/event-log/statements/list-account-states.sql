select partner, integration, state, reason, since
from account_states
where seen_at > clock_timestamp() - make_interval(secs => $1)
order by partner, integration, since
