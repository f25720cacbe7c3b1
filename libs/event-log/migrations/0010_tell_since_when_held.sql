alter table segments add column held_since timestamptz;
comment on column segments.held_since is 'since when something or other has held it back: how much longer its events stay than was promised';
grant update (held_since) on segments to trunkline_app;
-- Of what is held already nobody noted since when.
update segments set held_since = clock_timestamp() where held_by is not null and dropped_at is null;
