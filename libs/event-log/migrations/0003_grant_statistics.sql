-- Lets the services name the transaction that holds readers back. Where the owner may not grant it, health says less.
do $$ begin
  if not pg_has_role('trunkline_app', 'pg_read_all_stats', 'member') then
    grant pg_read_all_stats to trunkline_app;
  end if;
exception when insufficient_privilege or unique_violation or internal_error then null;
end $$;
