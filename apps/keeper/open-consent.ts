import { untilItWorks } from '#boot';
import { CARRIED, comesBefore, type HubError, type HubEvent, type LogPosition } from '#contract';
import { followManifest, inTransaction, loadPosition, savePosition, startLogWake, startTail, START_OF_LOG, type Database, type EventLog, type LogTail, type LogWake, type ManifestFollower } from '#event-log';
import { readIdentifiers } from '#partner-kit';
import { withSpan, type SpanOptions } from '#telemetry';
import { setSuppression, type People } from '#vault';
import { createConsentsInForce } from './consents-in-force.ts';
import { heedConsent, type Said } from './heed-consent.flow.ts';

export type ConsentTail = { start(): void; stop(): Promise<void> };

type Parts = { db: Database; log: EventLog; people: People; passedOver(event: HubEvent, why: HubError): void; onError(error: unknown): void };

const READER = 'consent';
const BATCH = 200;

/** Whether it changed the list. */
const putOn = async (db: Database, people: People, { identifier, state, event }: Said): Promise<boolean> => {
  const [hashed] = await people.hashesOf([identifier], event);
  if (hashed === undefined) return false;
  return inTransaction(db, (client) => setSuppression(client, { identifier: hashed, tenant: event.tenant, state, since: event.recordedAt, source: `event:${event.id}` }));
};

const placeOf = ({ headers, correlationId, recordedAt }: HubEvent): SpanOptions => ({ parent: headers[CARRIED.traceparent], correlationId, kind: 'consumer', recordedAt });

/** In the flow of the event that says so. There is no span of what something newer had been said about. */
const traced = ({ identifier, state, event }: Said, put: () => Promise<boolean>): Promise<void> =>
  withSpan('keeper.heed', { ...placeOf(event), attributes: { 'trunkline.consent': state, 'trunkline.identifier.kind': identifier.kind } }, async (span) => {
    if (!(await put())) span.leaveOut();
  });

/** Joins the flow to the log and the vault. Nothing is read before a manifest says that webhooks tell of consent. */
export const openConsent = ({ db, log, people, passedOver, onError }: Parts): ConsentTail => {
  const consents = createConsentsInForce();
  const stopping = new AbortController();
  let following: Promise<ManifestFollower | undefined> | undefined;
  let running: { tail: LogTail; wake: LogWake } | undefined;

  const heed = heedConsent({
    refresh: async () => consents.update(await log.manifests()),
    mayGive: consents.mayGive,
    open: people.openEach,
    passedOver,
    given: consents.given,
    identifiers: ({ spec, body }) => readIdentifiers([spec.identifier], body),
    put: (said) => traced(said, () => putOn(db, people, said)),
    remember: (last) => savePosition(db, READER, { at: last.at, memory: {} }),
  });
  /** A new reader begins where there was something to look for. */
  const position = async (): Promise<LogPosition> => {
    const { at } = await loadPosition(db, READER);
    return comesBefore(START_OF_LOG, at) ? at : consents.since()!;
  };
  const begin = (): void => {
    const wake = startLogWake(db);
    running = { wake, tail: startTail({ read: log.read, beyond: log.beyond, wake, position, handle: heed, onError, batchSize: BATCH }) };
  };
  const follow = (): Promise<ManifestFollower> =>
    followManifest(log, (history) => {
      consents.update(history);
      if (running === undefined && consents.since() !== undefined && !stopping.signal.aborted) begin();
    });
  return {
    start: () => {
      following = untilItWorks(follow, stopping.signal, onError);
    },
    stop: async () => {
      stopping.abort();
      (await following)?.stop();
      await running?.tail.stop();
      await running?.wake.stop();
    },
  };
};
