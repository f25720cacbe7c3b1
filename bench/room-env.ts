import { TEST_MASTER_KEYS } from '#testkit';
import type { Bench } from './bench.ts';

/** What every room of the benchmark runs with: quiet, as the baselines are, and under the profiler when asked for. */
export const roomEnv = ({ profiles }: Bench): Record<string, string> => ({
  LOG_LEVEL: 'warn',
  MASTER_KEYS: TEST_MASTER_KEYS,
  ...(profiles !== undefined && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` }),
});
