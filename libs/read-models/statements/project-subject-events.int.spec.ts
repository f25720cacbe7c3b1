import { randomUUID } from 'node:crypto';
import { ABOUT_HEADER, SEALED_HEADER, sealedHeader } from '#contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOfSubject, summariseSubject } from '../queries/events-of-subject.ts';
import { rebuildProjection } from '../rebuild-projection.ts';
import { anEvent, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

const [ADA, BOB] = [randomUUID(), randomUUID()];

const idsOf = async (subject: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const events of eventsOfSubject(seeded.db, subject)) ids.push(...events.map(({ id }) => id));
  return ids;
};

it('knows of each person what was sealed for them and what became of it, in order, also after it was made again', async () => {
  const sealed = Array.from({ length: 60 }, () => anEvent({ headers: { [SEALED_HEADER]: sealedHeader([ADA]) } }));
  const both = anEvent({ headers: { [SEALED_HEADER]: sealedHeader([ADA, BOB]) } });
  const report = anEvent({ type: 'command.succeeded', headers: { [ABOUT_HEADER]: BOB, 'trunkline-hops': '1' } });
  const strange = [anEvent({ headers: { [SEALED_HEADER]: 'v1;nobody' } }), anEvent({ headers: { [ABOUT_HEADER]: '' } }), anEvent()];
  await appendAll(seeded.log, [...sealed, both, ...strange, report]);
  await seeded.project(7);
  const ada = [...sealed, both].map(({ id }) => id);
  expect([await idsOf(ADA), await idsOf(BOB)]).toEqual([ada, [both.id, report.id]]);
  expect(await summariseSubject(seeded.db, BOB)).toMatchObject({ events: 2, first: expect.stringMatching(/Z$/), others: [ADA] });
  expect(await summariseSubject(seeded.db, randomUUID())).toEqual({ events: 0, first: undefined, last: undefined, others: [] });

  await rebuildProjection(seeded.db, 'subject-events');
  expect(await idsOf(ADA)).toEqual([]);
  await seeded.project();
  expect([await idsOf(ADA), await idsOf(BOB)]).toEqual([ada, [both.id, report.id]]);
});
