-- $1…$6: partner, integration, and how many requests were good, refused, stale and other since they were last added.
with gone as (
  delete from webhook_minutes w using (
    select partner, integration, minute from webhook_minutes where minute < clock_timestamp() - interval '1 day' for update skip locked
  ) as old
  where (w.partner, w.integration, w.minute) = (old.partner, old.integration, old.minute)
)
insert into webhook_minutes as w (partner, integration, minute, good, refused, stale, other)
select t.partner, t.integration, date_trunc('minute', clock_timestamp()), t.good, t.refused, t.stale, t.other
from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::integer[], $6::integer[]) as t(partner, integration, good, refused, stale, other)
-- In one order, so that two of ingest cannot wait for each other in a circle.
order by t.partner, t.integration
on conflict (partner, integration, minute) do update set
  good = w.good + excluded.good, refused = w.refused + excluded.refused, stale = w.stale + excluded.stale, other = w.other + excluded.other
