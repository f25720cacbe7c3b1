import type { RunningServer } from '#embedded';
import { describe, expect, it } from 'vitest';
import { keepServer } from './keep-server.ts';

const fakeServers = (fails: boolean[] = []) => {
  const started: { port?: number; die(why: string): void; stopped: boolean }[] = [];
  const heard: string[] = [];
  const seen = Promise.withResolvers<void>();
  return {
    started,
    heard,
    /** Resolves at the second successful start. */
    again: seen.promise,
    start: async (port?: number): Promise<RunningServer> => {
      if (fails.shift()) throw new Error('not yet');
      const { promise: died, resolve: die } = Promise.withResolvers<string>();
      const one = { port, die, stopped: false };
      started.push(one);
      if (started.length === 2) seen.resolve();
      return { url: 'nats://here', port: 4222, pid: 1, died, stop: async () => void (one.stopped = true) };
    },
    tell: (line: string) => void heard.push(line),
    pause: async () => undefined,
  };
};

describe('keepServer', () => {
  it('starts a server that died again, on the port it had', async () => {
    const servers = fakeServers();
    const kept = await keepServer(servers);
    servers.started[0]!.die('NATS ended by SIGKILL');
    await servers.again;
    expect(servers.started.map(({ port }) => port)).toEqual([undefined, 4222]);
    expect(servers.heard).toEqual(['NATS ended by SIGKILL: starting it again.']);
    await kept.stop();
    expect(servers.started[1]!.stopped).toBe(true);
  });

  it('tries until it starts, and says so now and then', async () => {
    const servers = fakeServers([false, ...Array.from({ length: 20 }, () => true)]);
    await keepServer(servers);
    servers.started[0]!.die('gone');
    await servers.again;
    expect(servers.started).toHaveLength(2);
    expect(servers.heard).toEqual(['gone: starting it again.', 'It does not start, and is tried on: not yet']);
  });

  it('stops a server and starts it anew when asked to, on the port it had', async () => {
    const servers = fakeServers();
    const kept = await keepServer(servers);
    await kept.restart();
    expect(servers.started.map(({ port, stopped }) => [port, stopped])).toEqual([[undefined, true], [4222, false]]);
    await kept.stop();
    await kept.restart();
    expect(servers.started).toHaveLength(2);
  });

  it('leaves a server alone that it stopped itself', async () => {
    const servers = fakeServers();
    const kept = await keepServer(servers);
    await kept.stop();
    servers.started[0]!.die('ended with code 0');
    await Promise.resolve();
    expect(servers.started).toHaveLength(1);
    expect(servers.heard).toEqual([]);
  });
});
