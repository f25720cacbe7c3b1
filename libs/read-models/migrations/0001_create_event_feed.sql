-- What the list pages need of each event: no bodies, which stay in the log. Ordered like the log.
create table event_feed (
  tx             xid8 not null,
  position       bigint not null,
  id             uuid not null,
  partner        text not null,
  integration    text not null,
  type           text not null,
  correlation_id uuid not null,
  recorded_at    timestamptz not null,
  primary key (tx, position)
);
create index event_feed_by_kind on event_feed (partner, integration, type, tx, position);
create index event_feed_by_flow on event_feed (correlation_id, tx, position);

-- Every kind of event ever seen. A filter becomes a handful of kinds, and each kind is one short index scan.
create table event_kinds (
  partner     text not null,
  integration text not null,
  type        text not null,
  primary key (partner, integration, type)
);

-- The first place in the log of each minute, so that a time becomes a place without an index entry per event.
create table event_minutes (
  minute   timestamptz primary key,
  tx       xid8 not null,
  position bigint not null
);

grant select, insert, truncate on event_feed, event_kinds, event_minutes to trunkline_app;
