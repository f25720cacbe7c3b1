-- Takes places of events that are in the feed no more out of $2 pages, from page $1 on. Both are written together.
delete from event_minutes m
where m.ctid >= format('(%s,0)', $1::bigint)::tid and m.ctid < format('(%s,0)', $1::bigint + $2::integer)::tid
  and not exists (select from event_feed f where f.tx = m.tx and f.position = m.position)
