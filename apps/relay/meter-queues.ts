import { oldestPending, pendingOf, queueDepths, type Bus } from '#bus';
import { ROUTER_CONSUMER, STREAMS } from '#contract';
import { METRICS, observe } from '#telemetry';

/**
 * Tells what waits on the bus whenever metrics are looked at, until the returned function is called. The relay does it, which
 * is there while the workers that should take it may not be.
 */
export const meterQueues = (bus: Bus, partners: readonly string[], now: () => number): (() => void) => {
  const stops = [
    observe(async (put) => {
      if (!bus.connected()) return;
      const queues = await queueDepths(bus, partners);
      for (const { depth, partner, integration, lane } of queues) put(METRICS.queueDepth, { partner, integration, lane }, depth);
      for (const { queue, at } of await oldestPending(bus, queues)) {
        const { partner, integration, lane } = queue;
        put(METRICS.queueOldest, { partner, integration, lane }, Math.max(0, (now() - at.getTime()) / 1_000));
      }
    }),
    observe(async (put) => {
      const pending = bus.connected() ? await pendingOf(bus, STREAMS.events, ROUTER_CONSUMER) : undefined;
      if (pending !== undefined) put(METRICS.routerWaiting, {}, pending);
    }),
  ];
  return () => stops.forEach((stop) => stop());
};
