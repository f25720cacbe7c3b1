-- A person by the hash of an identifier, or by their id, erased or not.
select s.id, s.tenant, s.created_at, s.erased_at,
  coalesce((select array_agg(i.kind order by i.kind) from people.subject_identifiers i where i.subject = s.id), '{}') as kinds
from people.subjects s
where s.id = coalesce($2::uuid, (select subject from people.subject_identifiers where hash = $1::bytea))
