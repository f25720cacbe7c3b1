-- Counts the outcomes after ($1, $2) up to ($3, $4) per account: calls by the UTC day in which they were made, and what became of them by
-- the minute in which that was recorded. Counts: run once per range, which the caller's position sees to. Minutes older than a day go.
with outcome as materialized (
  select e.partner, e.integration, e.type, (e.occurred_at at time zone 'UTC')::date as day, date_trunc('minute', e.recorded_at) as minute,
    coalesce((e.r).called, true) as called, ((e.r).failure).class as class, (e.r)."durationMs" as duration_ms
  from (
    select *, read_command_report(data) as r
    from events
    where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint) and (segment > $5::integer or segment = any($6::integer[]))
      and type in ('command.succeeded', 'command.retrying', 'command.dead-lettered', 'command.expired', 'command.skipped', 'command.uncertain')
    offset 0
  ) as e
), days as (
  insert into account_days as d (partner, integration, day, calls)
  select partner, integration, day, count(*) from outcome where called group by partner, integration, day
  on conflict (partner, integration, day) do update set calls = d.calls + excluded.calls
), gone as (
  delete from account_minutes where minute < (select max(minute) from outcome) - interval '1 day'
)
insert into account_minutes as m (partner, integration, minute, calls, failed, refused, slow, dead)
select partner, integration, minute,
  count(*) filter (where called),
  count(*) filter (where called and class is not null),
  count(*) filter (where called and class = 'auth'),
  count(*) filter (where called and duration_ms > 5000),
  count(*) filter (where type = 'command.dead-lettered')
from outcome group by partner, integration, minute
on conflict (partner, integration, minute) do update set
  calls = m.calls + excluded.calls,
  failed = m.failed + excluded.failed,
  refused = m.refused + excluded.refused,
  slow = m.slow + excluded.slow,
  dead = m.dead + excluded.dead
