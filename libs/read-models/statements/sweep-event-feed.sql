-- Takes events that retention dropped out of $2 pages of the feed, from page $1 on.
delete from event_feed f using event_ids i, segments s
where f.ctid >= format('(%s,0)', $1::bigint)::tid and f.ctid < format('(%s,0)', $1::bigint + $2::integer)::tid
  and i.id = f.id and s.id = i.segment and s.dropped_at is not null
