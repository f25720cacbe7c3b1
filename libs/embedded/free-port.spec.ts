import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('never gives a port twice, although nobody listens on the ones that it gave', async () => {
  const ports: number[] = [];
  for (let i = 0; i < 1_000; i++) ports.push(await freePort());
  expect(new Set(ports).size).toBe(1_000);
});
