-- Where events stand. An id is known for longer than its event: `dropped_at` is when retention took it.
select i.id, i.segment, i.tx, i.position, s.dropped_at from event_ids i join segments s on s.id = i.segment where i.id = any($1::uuid[])
