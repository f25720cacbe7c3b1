-- $1…$12: one array per column. Twins are left out, so a row that comes back was first.
insert into events (id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, schema_version, content_type, data, headers)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::timestamptz[], $9::smallint[], $10::text[], $11::bytea[], $12::jsonb[])
on conflict (id) do nothing
returning id, tx, position
