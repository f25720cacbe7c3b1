-- The newest word counts, whichever way it came and whenever it is carried out.
insert into people.suppressions as s (hash, tenant, kind, state, since, source)
values ($1, $2, $3, $4, coalesce($5::timestamptz, clock_timestamp()), $6)
on conflict (hash) do update set state = excluded.state, since = excluded.since, source = excluded.source
where excluded.since > s.since
returning since
