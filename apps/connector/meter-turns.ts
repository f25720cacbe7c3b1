import type { IntegrationSpec } from '#contract';
import type { Pacer } from '#partner-kit';
import { METRICS, record } from '#telemetry';

/** The same pacer, with the time that each command waits for its turn on record. */
export const meterTurns = (pacer: Pacer, { partner, name }: Pick<IntegrationSpec, 'partner' | 'name'>): Pacer => {
  const labels = { partner, integration: name };
  return {
    ...pacer,
    acquire: async (lane) => {
      const since = performance.now();
      const release = await pacer.acquire(lane);
      record(METRICS.limiterWait, labels, (performance.now() - since) / 1_000);
      return release;
    },
  };
};
