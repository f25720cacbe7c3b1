-- One row per account: what it did last, and how often.
create table integration_status (
  partner              text not null,
  integration          text not null,
  events               bigint not null,
  received             bigint not null,
  succeeded            bigint not null,
  retried              bigint not null,
  dead                 bigint not null,
  expired              bigint not null,
  skipped              bigint not null,
  uncertain            bigint not null,
  last_event_id        uuid not null,
  last_event_type      text not null,
  last_event_at        timestamptz not null,
  last_received_at     timestamptz,
  last_success_at      timestamptz,
  last_failure_at      timestamptz,
  last_failure_class   text,
  last_failure_code    text,
  last_failure_message text,
  primary key (partner, integration)
) with (fillfactor = 50);

grant select, insert, update, truncate on integration_status to trunkline_app;
