import { afterAll, beforeAll, expect, it } from 'vitest';
import { listIntegrationStatus } from '../queries/list-integration-status.ts';
import { aCommand, anEvent, anOutcome, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

const failure = { class: 'client' as const, code: 'partner-refused', message: 'channel_not_found' };

it('counts what each account did and remembers the last of each, whatever the chunks', async () => {
  const command = aCommand();
  const last = anOutcome(aCommand(), 1, 'succeeded');
  await appendAll(seeded.log, [anEvent(), anEvent(), anOutcome(command, 1, 'retrying', { failure: { ...failure, code: 'partner-error' } }), anOutcome(command, 2, 'dead-lettered', { failure }), last]);
  await seeded.project(2);
  await seeded.project(2);
  const [slack, stripe] = await listIntegrationStatus(seeded.db);
  expect(stripe).toMatchObject({ partner: 'stripe', integration: 'acme', counts: { events: 2, received: 2, succeeded: 0 } });
  expect(stripe!.lastReceivedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  expect(stripe).not.toHaveProperty('lastFailure.code');
  expect(slack).toMatchObject({
    counts: { events: 3, received: 0, succeeded: 1, retried: 1, dead: 1, uncertain: 0 },
    lastEvent: { id: last.id, type: 'command.succeeded' },
    lastFailure: failure,
  });
});

it('keeps the last failure when later chunks bring none', async () => {
  await appendAll(seeded.log, [anOutcome(aCommand(), 1, 'succeeded')]);
  await seeded.project();
  const [slack] = await listIntegrationStatus(seeded.db);
  expect(slack).toMatchObject({ counts: { succeeded: 2, dead: 1 }, lastFailure: failure });
});
