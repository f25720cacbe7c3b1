-- Whether a transaction that began before $1 ended still runs, in whichever database (a vacuum would take it into account), or a session
-- of this one still works with a picture in which $1 had not ended.
select pg_snapshot_xmin(pg_current_snapshot()) <= $1::xid8 or exists (
  select from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and age(backend_xmin) >= age($1::xid8::xid)
) as seen
