-- Lets the services name the transaction that holds readers back. Where the owner may not grant it, health says less.
do $$ begin
  grant pg_read_all_stats to trunkline_app;
exception when insufficient_privilege then null;
end $$;
