import { startWorker, type Room } from '#boot';
import { startTelemetry } from '#telemetry';
import { KeeperModule } from './keeper.module.ts';
import type { KeeperConfig } from './keeper.config.ts';

/** Starts the keeper; its health is at the answered URL. */
export const startKeeper = (config: KeeperConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: KeeperModule.register(config, env),
    health: { port: config.healthPort, env: 'KEEPER_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'keeper', env }),
  });
