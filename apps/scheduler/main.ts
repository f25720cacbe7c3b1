import { runRoom } from '#boot';
import { schedulerConfig } from './scheduler.config.ts';
import { startScheduler } from './scheduler.start.ts';

await runRoom(schedulerConfig, startScheduler);
