-- Takes events that retention dropped out of $2 pages, from page $1 on.
delete from subject_events e using event_ids i, segments s
where e.ctid >= format('(%s,0)', $1::bigint)::tid and e.ctid < format('(%s,0)', $1::bigint + $2::integer)::tid
  and i.id = e.id and s.id = i.segment and s.dropped_at is not null
