-- Who is known by these hashes, and the keys. Erased persons are known by nothing.
select i.hash, s.id, s.key from people.subject_identifiers i join people.subjects s on s.id = i.subject
where i.hash = any($1::bytea[]) and s.key is not null
