import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { waitFor } from '#testkit';
import { dueAfter, startSteadyLoad } from './steady-load.ts';

it.each([[0, 0], [9, 0], [10, 1], [1_000, 100], [60_000, 6_000]])('after %i ms at 100 per second %i are due', (elapsedMs, due) => {
  expect(dueAfter(elapsedMs, 100)).toBe(due);
});

it('sends each webhook until it was accepted, and counts it once', async () => {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      const { id } = JSON.parse(body) as { id: string };
      seen.set(id, (seen.get(id) ?? 0) + 1);
      response.writeHead(seen.get(id) === 1 ? 503 : 202).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const load = startSteadyLoad({ ingestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, perSecond: 200 });
  await waitFor(() => load.accepted() >= 20, { what: 'twenty to be accepted' });
  await load.stop();
  expect(load.accepted()).toBe(seen.size);
  expect([...seen.values()].every((times) => times === 2)).toBe(true);
  const latencies = load.takeLatencies();
  expect(latencies).toHaveLength(seen.size);
  expect(Math.min(...latencies)).toBeGreaterThan(200);
  expect(load.takeLatencies()).toEqual([]);
  server.close();
});
