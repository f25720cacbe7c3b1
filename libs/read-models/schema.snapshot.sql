account_days (
  partner text not null,
  integration text not null,
  day date not null,
  calls bigint not null
);

account_minutes (
  partner text not null,
  integration text not null,
  minute timestamp with time zone not null,
  calls integer not null,
  failed integer not null,
  refused integer not null,
  slow integer not null,
  dead integer not null
);

command_report (
  "commandId" uuid,
  action text,
  route text,
  target text,
  lane text,
  attempt integer,
  redrive integer,
  "durationMs" double precision,
  answer reported_answer,
  failure reported_failure,
  "nextAttemptAt" timestamp with time zone,
  command reported_command,
  called boolean
);

deliveries (
  command_id uuid not null,
  kind integer not null,
  lane text not null,
  correlation_id uuid not null,
  state text not null,
  attempts integer not null,
  redrives integer not null,
  duration_ms double precision,
  answer_status integer,
  answer_reference text,
  failure_class text,
  failure_code text,
  failure_message text,
  next_attempt_at timestamp with time zone,
  first_tx xid8 not null,
  first_position bigint not null,
  first_at timestamp with time zone not null,
  last_tx xid8 not null,
  last_position bigint not null,
  last_at timestamp with time zone not null
);

delivery_kinds (
  id integer not null generated always as identity,
  partner text not null,
  integration text not null,
  action text not null,
  route text not null,
  target text not null,
  tenant text not null
);

event_feed (
  tx xid8 not null,
  "position" bigint not null,
  id uuid not null,
  kind integer not null,
  correlation_id uuid not null,
  recorded_at timestamp with time zone not null
);

event_kinds (
  id integer not null generated always as identity,
  partner text not null,
  integration text not null,
  type text not null,
  tenant text not null
);

event_minutes (
  minute timestamp with time zone not null,
  tx xid8 not null,
  "position" bigint not null
);

integration_status (
  partner text not null,
  integration text not null,
  events bigint not null,
  received bigint not null,
  succeeded bigint not null,
  retried bigint not null,
  dead bigint not null,
  expired bigint not null,
  skipped bigint not null,
  uncertain bigint not null,
  last_event_id uuid not null,
  last_event_type text not null,
  last_event_at timestamp with time zone not null,
  last_received_at timestamp with time zone,
  last_success_at timestamp with time zone,
  last_failure_at timestamp with time zone,
  last_failure_class text,
  last_failure_code text,
  last_failure_message text
);

reported_answer (
  status integer,
  reference text
);

reported_command (
  id uuid,
  action text,
  route text,
  target text,
  lane text
);

reported_failure (
  class text,
  code text,
  message text
);

subject_events (
  subject uuid not null,
  tx xid8 not null,
  "position" bigint not null,
  id uuid not null,
  recorded_at timestamp with time zone not null
);

CREATE UNIQUE INDEX account_days_pkey ON public.account_days USING btree (partner, integration, day);

CREATE INDEX account_minutes_by_time ON public.account_minutes USING btree (minute);

CREATE UNIQUE INDEX account_minutes_pkey ON public.account_minutes USING btree (partner, integration, minute);

CREATE INDEX deliveries_by_kind ON public.deliveries USING btree (kind, first_tx, first_position);

CREATE INDEX deliveries_in_order ON public.deliveries USING btree (first_tx, first_position);

CREATE UNIQUE INDEX deliveries_pkey ON public.deliveries USING btree (command_id);

CREATE INDEX deliveries_set_aside ON public.deliveries USING btree (last_tx, last_position) WHERE (state = ANY (ARRAY['dead'::text, 'expired'::text, 'uncertain'::text]));

CREATE INDEX deliveries_unsettled ON public.deliveries USING btree (kind, state, first_tx, first_position) WHERE (state <> 'succeeded'::text);

CREATE UNIQUE INDEX delivery_kinds_key ON public.delivery_kinds USING btree (partner, integration, action, route, target, tenant);

CREATE UNIQUE INDEX delivery_kinds_pkey ON public.delivery_kinds USING btree (id);

CREATE INDEX event_feed_by_flow ON public.event_feed USING btree (correlation_id, tx, "position");

CREATE INDEX event_feed_by_kind ON public.event_feed USING btree (kind, tx, "position");

CREATE UNIQUE INDEX event_feed_pkey ON public.event_feed USING btree (tx, "position");

CREATE UNIQUE INDEX event_kinds_key ON public.event_kinds USING btree (partner, integration, type, tenant);

CREATE UNIQUE INDEX event_kinds_pkey ON public.event_kinds USING btree (id);

CREATE UNIQUE INDEX event_minutes_pkey ON public.event_minutes USING btree (minute);

CREATE UNIQUE INDEX integration_status_pkey ON public.integration_status USING btree (partner, integration);

CREATE INDEX subject_events_in_order ON public.subject_events USING btree (tx, "position");

CREATE UNIQUE INDEX subject_events_pkey ON public.subject_events USING btree (subject, tx, "position");

grant insert, select, truncate, update on account_days to trunkline_app;

grant delete, insert, select, truncate, update on account_minutes to trunkline_app;

grant delete, insert, select, truncate, update on deliveries to trunkline_app;

grant insert, select, truncate on delivery_kinds to trunkline_app;

grant delete, insert, select, truncate on event_feed to trunkline_app;

grant insert, select, truncate on event_kinds to trunkline_app;

grant delete, insert, select, truncate on event_minutes to trunkline_app;

grant insert, select, truncate, update on integration_status to trunkline_app;

grant delete, insert, select, truncate on subject_events to trunkline_app;

CREATE OR REPLACE FUNCTION public.read_command_report(data bytea)
 RETURNS command_report
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  return jsonb_populate_record(null::command_report, convert_from(data, 'UTF8')::jsonb);
exception when others then
  begin
    return jsonb_populate_record(null::command_report, replace(convert_from(data, 'UTF8'), '\u0000', '')::jsonb);
  exception when others then
    return null;
  end;
end $function$;
