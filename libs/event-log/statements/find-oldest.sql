-- When the first event of each category's oldest segment was recorded, as its age in seconds.
select s.category, extract(epoch from clock_timestamp() - e.recorded_at)::float8 as age_s
from (select distinct on (category) id, category from segments where dropped_at is null order by category, id) as s
cross join lateral (select recorded_at from events where segment = s.id order by tx, position limit 1) as e
