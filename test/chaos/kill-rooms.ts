import type { Hub } from '../harness/hub.ts';
import { setFaults, untilAllArrived, type Tally } from '../harness/effects.ts';
import { HARNESS_PARTNERS, startTraffic } from '../harness/traffic.ts';

/** Times short enough that a death costs seconds, not minutes. */
export const CHAOS_ENV: Record<string, string> = {
  CONNECTOR_LEASE_MS: '4000',
  CONNECTOR_ACK_WAIT_MS: '2000',
  ROUTER_ACK_WAIT_MS: '2000',
  CONNECTOR_BACKOFF_BASE_MS: '100',
  CONNECTOR_BACKOFF_CAP_MS: '1000',
  CONNECTOR_MAX_ATTEMPTS: '100',
  LOG_LEVEL: 'warn',
};

export const ROOMS_TO_KILL = ['ingest', 'relay', 'router', 'connector-stripe', 'connector-slack', 'projector', 'console', 'scheduler', 'keeper', 'notifier'];

type Options = {
  kills: number;
  /** Gives 0 ≤ x < 1; seeded, so that a run can be repeated. */
  random(): number;
  onKill?(done: number, room: string, accepted: number): void;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Kills each room in turn with SIGKILL, at random moments, while webhooks come in and a tenth of the partners' calls fail or lose
 * their answer; starts it again each time. Then waits for every accepted webhook's effects and says what was lost or doubled.
 */
export const killRooms = async (hub: Hub, { kills, random, onKill }: Options): Promise<Tally> => {
  await setFaults(hub.sandboxUrl, { failRate: 0.07, dropAfterEffect: 0.03, seed: Math.floor(random() * 1_000_000) });
  const traffic = startTraffic(hub.ingestUrl, { connections: 8, most: 200_000, pauseMs: 20 });
  try {
    for (let i = 0; i < kills; i++) {
      const name = ROOMS_TO_KILL[i % ROOMS_TO_KILL.length]!;
      const room = hub.rooms.get(name)!;
      await pause(200 + random() * 800);
      await room.kill();
      await pause(random() * 300);
      await room.start();
      onKill?.(i + 1, name, traffic.accepted());
    }
  } finally {
    await traffic.stop();
  }
  return untilAllArrived(hub.sandboxUrl, HARNESS_PARTNERS, traffic.accepted());
};
