import { startWorker, type Room } from '#boot';
import { startTelemetry } from '#telemetry';
import { ConnectorModule, TRANSPORT } from './connector.module.ts';
import type { ConnectorConfig } from './connector.config.ts';

/** Starts the connector; its health is at the answered URL. */
export const startConnector = (config: ConnectorConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: ConnectorModule.register(config, env),
    transport: TRANSPORT,
    health: { port: config.healthPort, env: 'CONNECTOR_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'connector', env }),
  });
