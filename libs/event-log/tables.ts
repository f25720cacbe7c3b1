import type { CommandState, Lane } from '#contract';
import type { Generated } from 'kysely';

/** Timestamps come as Postgres' UTC text (`2026-01-31 12:00:00.123+00`), 64-bit numbers and transaction ids as decimal text. */
export type EventRow = {
  position: Generated<string>;
  id: string;
  stream: string | null;
  stream_version: number | null;
  type: string;
  partner: string;
  integration: string;
  tenant: string;
  correlation_id: string;
  causation_id: string | null;
  occurred_at: string;
  recorded_at: Generated<string>;
  schema_version: number;
  content_type: string;
  data: Buffer;
  headers: Record<string, string>;
  tx: Generated<string>;
  segment: number;
};

export type CommandRow = {
  id: string;
  partner: string;
  integration: string;
  action: string;
  lane: Lane;
  tenant: string;
  route: string;
  target: string;
  event_id: string;
  correlation_id: string;
  state: CommandState;
  attempts: number;
  spent: number;
  redrives: number;
  taken_over: boolean;
  leased_by: string | null;
  lease_until: string | null;
  next_attempt_at: string | null;
  deadline: string;
  last_failure: { class: string; code: string; message: string } | null;
  created_at: Generated<string>;
  updated_at: Generated<string>;
};

export type ReaderPositionRow = {
  reader: string;
  tx: string;
  position: string;
  memory: Record<string, unknown>;
  updated_at: Generated<string>;
};

/** A part of the log that goes as a whole. Only what others than the keeper look at. */
export type SegmentRow = { id: number; category: string; held_by: string | null };

export type LogTables = { segments: SegmentRow; events: EventRow; commands: CommandRow; reader_positions: ReaderPositionRow };

/** Postgres' UTC timestamp text as RFC 3339. */
export const rfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, '')}Z`;
