import { startWorker, type Room } from '#boot';
import { startTelemetry } from '#telemetry';
import { RouterModule, TRANSPORT } from './router.module.ts';
import type { RouterConfig } from './router.config.ts';

/** Starts the router; its health is at the answered URL. */
export const startRouter = (config: RouterConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: RouterModule.register(config, env),
    transport: TRANSPORT,
    health: { port: config.healthPort, env: 'ROUTER_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'router', env }),
  });
