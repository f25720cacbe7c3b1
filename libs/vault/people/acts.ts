import type { Acting } from '#contract';
import { recordAct, type Database } from '#event-log';
import { hashOf, type IdentifierRef, type Person } from './find-person.ts';
import type { People } from './open-people.ts';
import { findSuppression, setSuppression, type Suppression, type SuppressionState } from './suppressions.ts';

/** Puts on the audit trail that everything about a person was handed out; before it is. */
export const recordExport = (db: Database, { subject }: Person, by: Acting): Promise<void> =>
  recordAct(db, 'export-person', by, async () => ({ result: undefined, subject, changed: {} }));

/** Puts down, in an operator's name, whether somebody wants messages. The audit trail keeps the hash, not the identifier. */
export const decideSuppression = async (db: Database, people: Pick<People, 'hashesOf'>, order: IdentifierRef & { state: SuppressionState }, by: Acting): Promise<Suppression> => {
  const identifier = await hashOf(people, order);
  const { state, tenant } = order;
  await recordAct(db, state === 'suppressed' ? 'suppress' : 'allow', by, async (client) => {
    await setSuppression(client, { identifier, tenant, state, source: `${by.who.kind}:${by.who.id}` });
    return { result: undefined, subject: identifier.hash.toString('hex'), changed: { kind: identifier.kind, tenant, state } };
  });
  return (await findSuppression(db, identifier))!;
};
