insert into reader_positions (reader, tx, position) values ($1, $2, $3)
on conflict (reader) do update set tx = excluded.tx, position = excluded.position, updated_at = clock_timestamp()
