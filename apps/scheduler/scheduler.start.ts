import { startWorker, type Room } from '#boot';
import { startTelemetry } from '#telemetry';
import { SchedulerModule } from './scheduler.module.ts';
import type { SchedulerConfig } from './scheduler.config.ts';

/** Starts the scheduler; its health is at the answered URL. */
export const startScheduler = (config: SchedulerConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: SchedulerModule.register(config),
    health: { port: config.healthPort, env: 'SCHEDULER_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'scheduler', env }),
  });
