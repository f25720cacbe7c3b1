import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { waitFor } from './wait-for.ts';

it('returns the first truthy answer', async () => {
  let asked = 0;
  expect(await waitFor(() => (++asked === 3 ? 'yes' : undefined), { everyMs: 1 })).toBe('yes');
});

it('takes a question that throws for "not yet", and shows the last error when time is up', async () => {
  const late = waitFor(() => Promise.reject(new Error('refused')), { what: 'the server', withinMs: 20, everyMs: 5 });
  await expect(late).rejects.toMatchObject({ message: 'Waited 20 ms for the server, in vain.', cause: new Error('refused') });
});

it('waits for an event without asking', async () => {
  const emitter = new EventEmitter();
  const heard = waitFor.event(emitter, 'ready');
  emitter.emit('ready', 1);
  expect(await heard).toEqual([1]);
  await expect(waitFor.event(emitter, 'ready', { withinMs: 5 })).rejects.toThrow('for the event ready');
});
