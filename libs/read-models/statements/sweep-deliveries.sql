-- Takes commands whose last event is in the feed no more out of $2 pages, from page $1 on. What the feed has not read yet stays.
delete from deliveries d using reader_positions r
where d.ctid >= format('(%s,0)', $1::bigint)::tid and d.ctid < format('(%s,0)', $1::bigint + $2::integer)::tid
  and r.reader = 'projection:event-feed' and (d.last_tx, d.last_position) <= (r.tx, r.position)
  and not exists (select from event_feed f where f.tx = d.last_tx and f.position = d.last_position)
