-- Notes for the events after ($1, $2) up to ($3, $4) whom they are about: those whose keys seal the body, or, for what became of a command, its input.
insert into subject_events (subject, tx, position, id, recorded_at)
select about.subject::uuid, e.tx, e.position, e.id, e.recorded_at
from events as e
cross join lateral unnest(
  string_to_array(substr(e.headers ->> 'trunkline-sealed', 4), ',') || string_to_array(e.headers ->> 'trunkline-about', ',')) as about(subject)
where (e.tx, e.position) > ($1::xid8, $2::bigint) and (e.tx, e.position) <= ($3::xid8, $4::bigint) and (e.segment > $5::integer or e.segment = any($6::integer[]))
  and e.headers ?| array['trunkline-sealed', 'trunkline-about']
  and about.subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
on conflict do nothing
