select id, key from people.subjects where id = any($1::uuid[]) and key is not null
