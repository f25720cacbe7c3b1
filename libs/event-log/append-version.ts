import { HubError, type NewEvent } from '#contract';
import { toRow } from './event-rows.ts';
import { asOutage, isUniqueViolation } from './outages.ts';
import { loadStatement, run, type Runner } from './statement.ts';

const APPEND_EXPECTED = loadStatement('append-expected', import.meta.url);

/** Appends as exactly the version that `event.stream` names. Throws `version-conflict` when that version is taken. */
export const appendVersion = async (on: Runner, event: NewEvent & { stream: { name: string; version: number } }): Promise<{ tx: string; position: string }> => {
  try {
    const { rows } = await run<{ tx: string; position: string }>(on, APPEND_EXPECTED, [...toRow(event), event.stream.name, event.stream.version]);
    return rows[0]!;
  } catch (error) {
    if (!isUniqueViolation(error)) throw asOutage(error);
    throw new HubError('version-conflict', `Somebody else changed ${event.stream.name} first. Read it again and repeat.`, { cause: error });
  }
};
