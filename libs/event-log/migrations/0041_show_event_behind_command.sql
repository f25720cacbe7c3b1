-- What a connector may see of the log: the event of a command that it has in hand, so that what a partner says of it can be held
-- against the words of that event. Only where it is sealed, and nothing once the command is settled.
create function event_behind(of_command uuid, in_hand_of text) returns setof events
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select e.* from public.commands c
  join public.event_ids i on i.id = c.event_id
  join public.events e on e.segment = i.segment and e.tx = i.tx and e.position = i.position
  where c.id = of_command and c.state = 'running' and c.leased_by = in_hand_of and e.headers ? 'trunkline-sealed'
$$;
revoke all on function event_behind from public;
grant execute on function event_behind to trunkline_app;
