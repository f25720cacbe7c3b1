import { describe, expect, it } from 'vitest';
import type { StreamsState } from '#bus';
import type { HubEvent, LogPosition } from '#contract';
import { relayEvents } from './relay-events.flow.ts';
import { fromRemembered, toRemembered, type RelayMemory } from './relay-memory.ts';
import { watchStreams } from './watch-streams.flow.ts';

const at = (position: number): LogPosition => ({ tx: 1n, position: BigInt(position) });
const event = (position: number): HubEvent =>
  ({ id: `e${position}`, type: 'inbound.x', partner: 'p', integration: 'i', headers: {}, data: Buffer.alloc(0), at: at(position), tenant: 'default' }) as unknown as HubEvent;
const streams: StreamsState = { serverId: 's1', eventsCreated: 'c1', eventsSeq: 100, commandsCreated: 'COMMANDS_http d1', commandsSeq: { COMMANDS_slack: 40, COMMANDS_http: 7 } };
const memory: RelayMemory = { at: at(50), serverId: 's1', eventsCreated: 'c1', commandsCreated: 'COMMANDS_http d1', eventsSeq: 100, commandsSeq: { COMMANDS_slack: 40, COMMANDS_http: 7 } };

const watching = (before: RelayMemory, now: StreamsState) => {
  const seen = { memory: before, moved: [] as LogPosition[], since: [] as string[], ends: [] as number[] };
  const watch = watchStreams({
    memory: () => seen.memory,
    ensureStreams: async () => undefined,
    streams: async () => now,
    stepBack: async (lastSeq) => {
      expect(seen.memory.serverId).toBe(before.serverId); // a relay that dies now does it again
      seen.ends.push(lastSeq);
    },
    placeBefore: async (instant) => (seen.since.push(instant), at(10)),
    remember: (next) => void (seen.memory = next),
    rememberNow: async (next) => void (seen.memory = next),
    moveTo: (to) => seen.moved.push(to),
    now: () => 1_000_000_000,
    windows: { lost: 600_000, restarted: 1_000 },
    report: () => undefined,
  });
  return { seen, watch };
};

describe('watching the streams', () => {
  it('does nothing while they are what was filled', async () => {
    const { seen, watch } = watching(memory, { ...streams, eventsSeq: 120 });
    expect(await watch()).toBe('none');
    expect(seen.moved).toEqual([]);
    expect(seen.ends).toEqual([]);
  });

  it('remembers how far each queue got', async () => {
    const { seen, watch } = watching(memory, { ...streams, commandsSeq: { COMMANDS_slack: 41, COMMANDS_http: 7 } });
    await watch();
    expect(seen.memory).toEqual({ ...memory, commandsSeq: { COMMANDS_slack: 41, COMMANDS_http: 7 } });
  });

  it('takes note of them the first time', async () => {
    const { seen, watch } = watching({ ...memory, serverId: '', eventsCreated: '', commandsCreated: '' }, streams);
    expect(await watch()).toBe('none');
    expect(seen.memory).toMatchObject({ serverId: 's1', eventsCreated: 'c1', commandsCreated: 'COMMANDS_http d1' });
  });

  it('goes back as far as any command may have waited when it filled one queue for all partners before', async () => {
    const before = fromRemembered({ at: at(50), memory: { serverId: 's1', eventsCreated: 'c1', commandsCreated: '2026-01-01T00:00:00Z', eventsSeq: 100 } });
    // It may have been saved once more before anybody looked.
    const { seen, watch } = watching(fromRemembered(toRemembered(before)), streams);
    expect(await watch()).toBe('lost');
    expect(seen.since).toEqual([new Date(1_000_000_000 - 30 * 86_400_000).toISOString()]);
    seen.memory = { ...seen.memory, eventsCreated: 'c0' };
    expect(await watch()).toBe('lost');
    expect(seen.since.at(-1)).toBe(new Date(1_000_000_000 - 600_000).toISOString());
  });

  it.each([
    ['EVENTS is another stream', { eventsCreated: 'c2' }],
    ['a queue is another stream', { commandsCreated: 'COMMANDS_http d2' }],
    ['EVENTS is shorter than remembered', { eventsSeq: 99 }],
    ['a queue is shorter than it was seen, though another grew', { commandsSeq: { COMMANDS_slack: 39, COMMANDS_http: 100 } }],
    ['a queue is gone', { commandsSeq: { COMMANDS_slack: 40 } }],
  ])('goes back the whole window when %s', async (_, change) => {
    const { seen, watch } = watching(memory, { ...streams, ...change });
    expect(await watch()).toBe('lost');
    expect(seen.moved).toEqual([at(10)]);
    expect(seen.since).toEqual([new Date(1_000_000_000 - 600_000).toISOString()]);
    expect(seen.memory.rewind).toEqual({ round: 1, until: at(50) });
    expect(await watch()).toBe('none');
  });

  it('goes back a little when the server was restarted', async () => {
    const { seen, watch } = watching(memory, { ...streams, serverId: 's2' });
    expect(await watch()).toBe('restarted');
    expect(seen.since).toEqual([new Date(1_000_000_000 - 1_000).toISOString()]);
  });

  it('brings the router back to the end of the stream before it publishes again', async () => {
    const { seen, watch } = watching(memory, { ...streams, serverId: 's2', eventsSeq: 90 });
    await watch();
    expect(seen.ends).toEqual([90]);
  });

  it('keeps the end of an earlier rewind that had not been reached', async () => {
    const { seen, watch } = watching({ ...memory, at: at(20), rewind: { round: 3, until: at(50) } }, { ...streams, serverId: 's2' });
    await watch();
    expect(seen.memory.rewind).toEqual({ round: 4, until: at(50) });
  });
});

describe('relaying events', () => {
  const relaying = (start: RelayMemory, superseded = false) => {
    const seen = { memory: start, ids: [] as string[] };
    const relay = relayEvents({
      memory: () => seen.memory,
      publish: async (messages) => (seen.ids.push(...messages.map((message) => message.msgId)), messages.map((_, i) => ({ kind: 'stored' as const, seq: 101 + i }))),
      remember: (next) => void (seen.memory = next),
      superseded: () => superseded,
    });
    return { seen, relay };
  };

  it('publishes under the event’s id and remembers the last', async () => {
    const { seen, relay } = relaying(memory);
    await relay([event(51), event(52)]);
    expect(seen.ids).toEqual(['e51', 'e52']);
    expect(seen.memory).toMatchObject({ at: at(52), eventsSeq: 102 });
  });

  it('marks what it repeats in a rewind, and only that', async () => {
    const { seen, relay } = relaying({ ...memory, at: at(48), rewind: { round: 2, until: at(50) } });
    await relay([event(49), event(50), event(51)]);
    expect(seen.ids).toEqual(['e49:2', 'e50:2', 'e51']);
  });

  it('leaves a batch alone that a rewind has overtaken', async () => {
    const { seen, relay } = relaying(memory, true);
    await relay([event(51)]);
    expect([seen.ids, seen.memory]).toEqual([[], memory]);
  });

  it('reads back what it remembers', () => {
    const full: RelayMemory = { ...memory, rewind: { round: 2, until: at(50) } };
    expect(fromRemembered({ at: at(50), memory: toRemembered(full).memory })).toEqual(full);
  });
});
