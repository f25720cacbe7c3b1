-- Every kind of event ever seen. A filter becomes a handful of kinds, and each kind is one short index scan.
create table event_kinds (
  id          integer generated always as identity primary key,
  partner     text not null,
  integration text not null,
  type        text not null,
  unique (partner, integration, type)
);

-- What the list pages need of each event: no bodies, which stay in the log. Ordered like the log.
create table event_feed (
  tx             xid8 not null,
  position       bigint not null,
  id             uuid not null,
  kind           integer not null,
  correlation_id uuid not null,
  recorded_at    timestamptz not null,
  primary key (tx, position)
);
create index event_feed_by_kind on event_feed (kind, tx, position);
create index event_feed_by_flow on event_feed (correlation_id, tx, position);

comment on column event_feed.kind is 'event_kinds.id; a number keeps rows and index small, and nobody writes but the projector, so no foreign key is checked';

-- A place in the log for each minute that had one, so that a time becomes a place without an index entry per event.
create table event_minutes (
  minute   timestamptz primary key,
  tx       xid8 not null,
  position bigint not null
);

grant select, insert, truncate on event_kinds, event_feed, event_minutes to trunkline_app;
