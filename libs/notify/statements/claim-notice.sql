-- Who gets a row may tell people that the condition ($1) holds for the subject ($2) since $3; $4 is now. Nobody gets one while it is told
-- already, or while another, who claimed it after $5, is telling it.
insert into notices as n (condition, subject, since, claimed_at)
values ($1, $2, $3, $4)
on conflict (condition, subject) do update set
  since = case when n.recovered_at is null then n.since else excluded.since end,
  claimed_at = excluded.claimed_at, told_at = null, recovered_at = null
where n.recovered_at is not null or (n.told_at is null and n.claimed_at <= $5)
returning since
