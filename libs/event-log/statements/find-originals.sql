select id, correlation_id from events where id = any($1::uuid[])
