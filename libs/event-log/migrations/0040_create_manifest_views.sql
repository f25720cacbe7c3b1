-- Rooms that go by the manifest see it here, and need not see the events of others (libs/walls). Views see what their owner sees.
create view applied_manifests with (security_barrier) as
select tx, position, id, type, partner, integration, tenant, correlation_id, causation_id, occurred_at, recorded_at, schema_version, content_type, data, headers, stream_version
from events where segment = 0 and stream = 'manifest';

-- Whose each account is, by the manifest in force. The row-level policies on the console's role go by it.
create view accounts_in_force with (security_barrier) as
select spec ->> 'partner' as partner, spec ->> 'name' as integration, coalesce(spec ->> 'tenant', 'default') as tenant
from (select data from events where segment = 0 and stream = 'manifest' order by stream_version desc limit 1) as newest
cross join lateral json_array_elements(convert_from(newest.data, 'UTF8')::json -> 'integrations') as spec;

grant select on applied_manifests, accounts_in_force to trunkline_app;
