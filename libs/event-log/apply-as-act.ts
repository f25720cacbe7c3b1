import type { Acting, NewEvent } from '#contract';
import { appendVersion } from './append-version.ts';
import type { Database } from './database.ts';
import { recordAct } from './record-act.ts';

/**
 * Appends a manifest as the version that `event.stream` names, and puts on the audit trail who did so and what it changes, both or
 * neither. Throws `version-conflict` when that version is taken, and `log-unavailable`.
 */
export const applyAsAct = (db: Database, by: Acting) => (event: NewEvent & { stream: { name: string; version: number } }, changes: string[]): Promise<void> =>
  recordAct(db, 'apply-manifest', by, async (client) => {
    await appendVersion(client, event);
    return { result: undefined, subject: `${event.stream.name} version ${event.stream.version}`, changed: { changes }, factId: event.id };
  });
