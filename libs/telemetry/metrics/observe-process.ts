import { monitorEventLoopDelay } from 'node:perf_hooks';
import { METRICS } from './catalogue.ts';
import type { Read } from './observers.ts';

/** How often the delay is looked at; a sample contains this interval itself. */
const EVERY_MS = 20;
const PERCENTILES = { p50: 50, p99: 99, max: 100 } as const;

/** Starts to watch the event loop; `read` gives memory, processor time and delay of this process. */
export const observeProcess = (): { read: Read; stop(): void } => {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  delay.enable();
  return {
    read: (put) => {
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
      for (const [kind, bytes] of Object.entries({ rss, 'heap-used': heapUsed, 'heap-total': heapTotal, external })) put(METRICS.processMemory, { kind }, bytes);
      const { user, system } = process.cpuUsage();
      for (const [mode, microseconds] of Object.entries({ user, system })) put(METRICS.processCpu, { mode }, microseconds / 1e6);
      for (const [percentile, percent] of Object.entries(PERCENTILES)) {
        put(METRICS.eventLoopDelay, { percentile }, Math.max(0, delay.percentile(percent) / 1e9 - EVERY_MS / 1e3));
      }
      delay.reset();
    },
    stop: () => void delay.disable(),
  };
};
