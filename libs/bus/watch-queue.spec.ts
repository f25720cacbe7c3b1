import { expect, it } from 'vitest';
import { watchQueue, type Head } from './watch-queue.ts';

/** A queue under watch, and a clock that runs to whatever comes next. */
const watching = (heads: (Head | undefined | Error)[]) => {
  const seen = { remade: 0, errors: [] as unknown[], pauses: [] as number[] };
  let due: (() => void) | undefined;
  const watch = watchQueue({
    head: async () => {
      const next = heads.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    remake: async () => void (seen.remade += 1),
    onError: (error) => seen.errors.push(error),
    after: (ms, work) => {
      seen.pauses.push(ms);
      due = work;
      return () => (due = undefined);
    },
  });
  const look = async (times = 1): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      due?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { seen, watch, look, waits: () => due !== undefined };
};
const passedOver = (seq: number): Head => ({ seq, passedOver: true });
const inHand = (seq: number): Head => ({ seq, passedOver: false });

it('makes the consumer anew when the same head counts as settled at two looks', async () => {
  const { seen, look } = watching([passedOver(7), passedOver(7), undefined]);
  await look();
  expect(seen.remade).toBe(0);
  await look();
  expect(seen.remade).toBe(1);
  expect(seen.errors).toMatchObject([{ code: 'queue-passed-over' }]);
  await look();
  expect(seen.remade).toBe(1);
});

it('leaves a queue alone whose head is in hand, waits or moves on', async () => {
  const { seen, look } = watching([inHand(7), inHand(7), passedOver(7), passedOver(8), passedOver(9), undefined, passedOver(9), inHand(9)]);
  await look(8);
  expect(seen).toMatchObject({ remade: 0, errors: [] });
});

it('looks ever more rarely while all is well, and soon again after a reconnect or a suspicion', async () => {
  const { seen, look, watch } = watching([undefined, undefined, undefined, undefined, undefined, passedOver(1), undefined]);
  await look(7);
  expect(seen.pauses).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 3_000, 6_000]);
  watch.soon();
  expect(seen.pauses.at(-1)).toBe(3_000);
});

it('goes on looking after a look that failed, and never after it was stopped', async () => {
  const away = new Error('NATS is away');
  const { seen, look, watch, waits } = watching([away, passedOver(1), passedOver(1)]);
  await look(2);
  expect(seen.errors).toEqual([away]);
  watch.stop();
  expect(waits()).toBe(false);
  await look();
  expect(seen.remade).toBe(0);
});
