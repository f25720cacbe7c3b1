import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { waitFor } from '#testkit';
import { boundConnections, connectionsWithin, watchDescriptors } from './descriptors.ts';

it.each([
  [10_000, 1_048_576, 10_000],
  [10_000, 4_096, 3_968],
  [10_000, 1_024, 896],
  [10_000, 64, 24],
  [10, 64, 10],
  [10_000, 20, 1],
  [10_000, undefined, 10_000],
])('of %i connections that are wanted, a limit of %s files leaves %i', (wanted, limit, most) => {
  expect(connectionsWithin(wanted, limit)).toBe(most);
});

it('says once that no file can be opened, what to do, and when it is over', async () => {
  const said: string[] = [];
  let looks = 0;
  onTestFinished(watchDescriptors((words) => said.push(words), () => ![2, 3].includes((looks += 1)), 5));
  await waitFor(() => looks > 4);
  expect(said).toEqual([expect.stringMatching(/No file or connection can be opened any more.*LimitNOFILE/), expect.stringContaining('again')]);
});

it('closes a connection too many at once, and says so once a minute', async () => {
  const said: string[] = [];
  const server = createServer();
  boundConnections(server, 1, (words) => said.push(words));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dial = () => connect((server.address() as AddressInfo).port, '127.0.0.1');
  const first = dial();
  onTestFinished(() => void (first.destroy(), server.close()));
  await once(first, 'connect');
  for (let i = 0; i < 2; i += 1) await once(dial().on('error', () => undefined), 'close');
  expect(said).toEqual([expect.stringContaining('there are 1 already')]);
  expect(first.closed).toBe(false);
});
