import type { FailureClass } from '#contract';
import { rfc3339, type Database } from '#event-log';
import { reading } from '../reading.ts';
import type { FailureView } from './command-view.ts';

/** What the log says of an account. Times are absent until the thing has happened. */
export type IntegrationStatus = {
  partner: string;
  integration: string;
  counts: { events: number; received: number; succeeded: number; retried: number; dead: number; expired: number; skipped: number; uncertain: number };
  lastEvent: { id: string; type: string; at: string };
  lastReceivedAt?: string;
  lastSuccessAt?: string;
  lastFailure?: FailureView & { at: string };
};

const at = (text: string | null): string | undefined => (text === null ? undefined : rfc3339(text));

/** Every account that the log speaks of, at most 1,000, by name. */
export const listIntegrationStatus = (db: Database): Promise<IntegrationStatus[]> =>
  reading(db, async (tables) => {
    const rows = await tables.selectFrom('integration_status').selectAll().orderBy('partner').orderBy('integration').limit(1_000).execute();
    return rows.map((row) => ({
      partner: row.partner,
      integration: row.integration,
      counts: {
        events: Number(row.events),
        received: Number(row.received),
        succeeded: Number(row.succeeded),
        retried: Number(row.retried),
        dead: Number(row.dead),
        expired: Number(row.expired),
        skipped: Number(row.skipped),
        uncertain: Number(row.uncertain),
      },
      lastEvent: { id: row.last_event_id, type: row.last_event_type, at: rfc3339(row.last_event_at) },
      lastReceivedAt: at(row.last_received_at),
      lastSuccessAt: at(row.last_success_at),
      lastFailure: row.last_failure_at === null ? undefined : {
        class: row.last_failure_class as FailureClass,
        code: row.last_failure_code ?? '',
        message: row.last_failure_message ?? '',
        at: rfc3339(row.last_failure_at),
      },
    }));
  });
