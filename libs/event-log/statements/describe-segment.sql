-- What is in a segment, for the record. Reads all of it.
select count(*)::integer as events, min(recorded_at) as since, max(recorded_at) as until, min(position) as first_position, max(position) as last_position
from events where segment = $1::integer
