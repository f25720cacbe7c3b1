select partner, integration, sum(good)::integer as good, sum(refused)::integer as refused, sum(stale)::integer as stale, sum(other)::integer as other
from webhook_minutes
where minute >= date_trunc('minute', clock_timestamp() - make_interval(secs => $1))
group by partner, integration
order by partner, integration
