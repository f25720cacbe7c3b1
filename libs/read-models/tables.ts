import type { CommandRow, LogTables } from '#event-log';
import type { CommandState } from '#contract';
import type { Generated } from 'kysely';

/** Timestamps, 64-bit numbers and transaction ids are text, as in the log's own tables. */
type EventFeedRow = {
  tx: string;
  position: string;
  id: string;
  /** An id of `event_kinds`. */
  kind: number;
  correlation_id: string;
  recorded_at: string;
};

type EventKindRow = { id: Generated<number>; partner: string; integration: string; type: string; tenant: string };

type DeliveryRow = Pick<CommandRow, 'lane' | 'correlation_id' | 'attempts' | 'redrives' | 'next_attempt_at'> & {
  command_id: string;
  /** An id of `delivery_kinds`. */
  kind: number;
  state: CommandState;
  duration_ms: number | null;
  answer_status: number | null;
  answer_reference: string | null;
  failure_class: string | null;
  failure_code: string | null;
  failure_message: string | null;
  first_tx: string;
  first_position: string;
  first_at: string;
  last_tx: string;
  last_position: string;
  last_at: string;
};

type DeliveryKindRow = Pick<CommandRow, 'partner' | 'integration' | 'action' | 'route' | 'target' | 'tenant'> & { id: Generated<number> };

type IntegrationStatusRow = {
  partner: string;
  integration: string;
  events: string;
  received: string;
  succeeded: string;
  retried: string;
  dead: string;
  expired: string;
  skipped: string;
  uncertain: string;
  last_event_id: string;
  last_event_type: string;
  last_event_at: string;
  last_received_at: string | null;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure_class: string | null;
  last_failure_code: string | null;
  last_failure_message: string | null;
};

type AccountDayRow = { partner: string; integration: string; day: string; calls: string };

type AccountMinuteRow = { partner: string; integration: string; minute: string; calls: number; failed: number; refused: number; slow: number; dead: number };

/** What projections write, beside what the log itself holds. */
export type ReadTables = LogTables & {
  event_feed: EventFeedRow;
  event_kinds: EventKindRow;
  event_minutes: { minute: string; tx: string; position: string };
  deliveries: DeliveryRow;
  delivery_kinds: DeliveryKindRow;
  integration_status: IntegrationStatusRow;
  account_days: AccountDayRow;
  account_minutes: AccountMinuteRow;
  subject_events: { subject: string; tx: string; position: string; id: string; recorded_at: string };
};
