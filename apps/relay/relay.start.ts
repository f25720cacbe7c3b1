import { startWorker, type Room } from '#boot';
import { startTelemetry } from '#telemetry';
import { RelayModule } from './relay.module.ts';
import type { RelayConfig } from './relay.config.ts';

/** Starts the relay; its health is at the answered URL. */
export const startRelay = (config: RelayConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: RelayModule.register(config),
    health: { port: config.healthPort, env: 'RELAY_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'relay', env }),
  });
