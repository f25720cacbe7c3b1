-- Every segment but the hub's own, how old it is by the database's clock, and how long what it holds is kept (null: for good), in ms.
select id, category, closed_at, held_by, dropped_at,
  (extract(epoch from clock_timestamp() - opened_at) * 1000)::float8 as age_ms,
  (extract(epoch from clock_timestamp() - closed_at) * 1000)::float8 as closed_ms,
  (extract(epoch from clock_timestamp() - held_since) * 1000)::float8 as held_ms,
  (extract(epoch from retention_of_segment(id)) * 1000)::float8 as keep_ms
from segments where category <> 'operator' and swept_at is null order by id
