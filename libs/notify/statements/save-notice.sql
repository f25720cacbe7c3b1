-- What was told, or is being told, by message $6 without asking here first: the condition ($1) holds for the subject ($2) since $3; it was
-- told at $4, and $5 is being told.
insert into notices as n (condition, subject, since, claimed_at, told_at, telling, claim)
values ($1, $2, $3, $7, $4, $5, $6)
on conflict (condition, subject) do update set
  since = case when n.recovered_at is null then n.since else excluded.since end,
  claimed_at = excluded.claimed_at, told_at = excluded.told_at, telling = excluded.telling, claim = excluded.claim, recovered_at = null
