-- $1…$3: new subjects; $4: known ones that get another identifier, locked so that none is erased meanwhile;
-- $5…$7: the identifiers, sorted by hash so that two writers cannot wait for each other in a circle. Whoever was first has one.
with made as (
  insert into people.subjects (id, tenant, key) select * from unnest($1::uuid[], $2::text[], $3::bytea[]) returning id
), known as (
  select id from people.subjects where id = any($4::uuid[]) and key is not null order by id for share
), held as (
  select id from made union all select id from known
)
insert into people.subject_identifiers (hash, subject, kind)
select i.hash, i.subject, i.kind
from unnest($5::bytea[], $6::uuid[], $7::text[]) as i(hash, subject, kind)
where i.subject in (select id from held)
order by i.hash
on conflict (hash) do nothing
returning hash, subject
