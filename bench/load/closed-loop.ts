import type { RawConnection } from './raw-connection.ts';

type Loop = {
  connections: RawConnection[];
  requests: Buffer[];
  warmMs: number;
  forMs: number;
  /** Resolves when the next request may begin: a window over what is under way beyond the answer. */
  admitted?(): Promise<void> | undefined;
  onSent?(index: number): void;
};

/** `perSecond` counts the answers of the measured time only. */
export type LoopReport = { perSecond: number; sent: number; statuses: Record<number, number>; latencies: number[] };

/** Every connection sends its next request as soon as the answer to its last one is there, until time or requests are used up. */
export const closedLoop = async ({ connections, requests, warmMs, forMs, admitted, onSent }: Loop): Promise<LoopReport> => {
  const statuses: Record<number, number> = {};
  const latencies: number[] = [];
  const began = performance.now();
  const [measuredFrom, until] = [began + warmMs, began + warmMs + forMs];
  let next = 0;
  let last = measuredFrom;

  const work = async (connection: RawConnection): Promise<void> => {
    for (;;) {
      await admitted?.();
      if (next >= requests.length || performance.now() >= until) return;
      const index = next++;
      const sentAt = performance.now();
      onSent?.(index);
      const status = await connection.send(requests[index]!);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const now = performance.now();
      if (now < measuredFrom || now > until) continue;
      latencies.push(now - sentAt);
      last = now;
    }
  };
  await Promise.all(connections.map(work));
  return { perSecond: latencies.length / ((last - measuredFrom) / 1_000), sent: next, statuses, latencies };
};
