select id, correlation_id from event_ids where id = any($1::uuid[])
