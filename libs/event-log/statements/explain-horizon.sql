-- The oldest transaction that holds readers back, if one runs.
select pid, application_name, state, extract(epoch from clock_timestamp() - xact_start)::float8 as open_s, left(query, 200) as query
from pg_stat_activity
where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()
order by age(backend_xid) desc limit 1
