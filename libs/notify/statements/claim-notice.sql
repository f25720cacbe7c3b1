-- Who gets a row may tell people, by message $5 and from $4 on, that the condition ($1) holds for the subject ($2) since $3. Nobody gets one
-- while it is told, or being told, unless by a message ($6) whose teller is gone.
insert into notices as n (condition, subject, since, claimed_at, claim, telling)
values ($1, $2, $3, $4, $5, 'opened')
on conflict (condition, subject) do update set
  since = case when n.recovered_at is null and n.telling = 'opened' then n.since else excluded.since end,
  claimed_at = excluded.claimed_at, claim = excluded.claim, telling = 'opened', told_at = null, recovered_at = null
where n.recovered_at is not null or n.telling = 'recovered' or (n.telling = 'opened' and n.claim = $6)
returning since
