-- $1…$12: one array per column, sorted by id so that two claimers cannot wait for each other in a circle; $13 owner, $14 lease in ms.
-- A command comes back when it is ours to carry out. One that waits for its time may be taken 50 ms early: clocks differ.
insert into commands as c (id, partner, integration, action, lane, tenant, route, target, event_id, correlation_id, deadline, redrives,
  state, attempts, spent, leased_by, lease_until)
select u.*, 'running', 1, 1, $13::text, clock_timestamp() + $14::integer * interval '1 ms'
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::uuid[],
  $11::timestamptz[], $12::integer[]) as u
on conflict (id) do update set
  state = 'running',
  attempts = c.attempts + 1,
  spent = c.spent + 1,
  taken_over = (c.state = 'running'),
  deadline = excluded.deadline,
  leased_by = excluded.leased_by,
  lease_until = excluded.lease_until,
  next_attempt_at = null,
  updated_at = clock_timestamp()
where c.state = 'released'
  or (c.state = 'waiting' and c.next_attempt_at <= clock_timestamp() + interval '50 ms')
  or (c.state = 'running' and c.lease_until < clock_timestamp())
returning c.id, c.attempts, c.spent, c.taken_over
