-- Which events and reports are about which person, as their headers say; made from the log alone, so nothing is written for it when a webhook comes in.
create table subject_events (
  subject     uuid not null,
  tx          xid8 not null,
  position    bigint not null,
  id          uuid not null,
  recorded_at timestamptz not null,
  primary key (subject, tx, position)
);
create index subject_events_in_order on subject_events (tx, position);

grant select, insert, delete, truncate on subject_events to trunkline_app;
