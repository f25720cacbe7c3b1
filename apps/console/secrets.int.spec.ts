import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAudit } from '#event-log';
import { TEST_MASTER_KEYS } from '#testkit';
import { openMasterKeys, openSecretReader } from '#vault';
import { consoleWorld, type ConsoleWorld } from './test/console-world.ts';

let world: ConsoleWorld;
beforeAll(async () => void (world = await consoleWorld()));
afterAll(() => world.end());

const put = (name: string, body: object) => world.ask(`/v1/secrets/${name}`, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('secrets', () => {
  it('go in, and never come out again', async () => {
    const answers = [await put('stripe.key', { value: 'hush-hush' }), await put('stripe.key', { value: 'hush-hush-again' }), await world.ask('/v1/secrets')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[1]!.body).toMatchObject({ name: 'stripe.key', version: 2, keyId: 'test', createdBy: expect.stringMatching(/^key:/), updatedAt: expect.stringMatching(/Z$/) });
    expect(answers[2]!.body).toEqual({ items: [answers[1]!.body] });
    expect(JSON.stringify(answers)).not.toContain('hush');
    const reader = openSecretReader(world.db, openMasterKeys(TEST_MASTER_KEYS));
    await reader.look();
    expect(reader.find('stripe.key')).toEqual({ value: 'hush-hush-again' });
    const records = (await readAudit(world.db)).filter(({ subject }) => subject === 'stripe.key');
    expect(records).toMatchObject([{ act: 'set-secret', who: { kind: 'key', name: 'ana' }, changed: { version: 1 } }, { act: 'set-secret', changed: { version: 2 } }]);
    expect(JSON.stringify(records)).not.toContain('hush');
  });

  it('are removed', async () => {
    await put('old', { value: 'x' });
    expect(await world.ask('/v1/secrets/old', { method: 'DELETE' })).toMatchObject({ status: 200, body: { name: 'old' } });
    expect(await world.ask('/v1/secrets/old', { method: 'DELETE' })).toMatchObject({ status: 404, body: { cause: 'not-found' } });
    expect((await world.ask('/v1/secrets/old')).status).toBe(405);
  });

  it.each<[string, object]>([['Name', { value: 'hush' }], ['a', {}], ['a', { value: '' }], ['a', { value: ' ' }], ['a', { value: 7 }], ['a', { value: 'hush\ud800' }], ['a', { value: 'hush'.repeat(2_501) }], ['a', { value: 'hush', more: 1 }]])(
    'are refused as %s %j, without being repeated', async (name, body) => {
      const answer = await put(name, body);
      expect(answer).toMatchObject({ status: 400, body: { cause: 'validation-failed' } });
      expect(JSON.stringify(answer.body)).not.toContain('hush');
    });
});
