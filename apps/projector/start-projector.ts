import { createHttpApp, listenOn, type Room } from '#boot';
import { createLogger, startTelemetry } from '#telemetry';
import type { ProjectorConfig } from './projector.config.ts';
import { ProjectorModule } from './projector.module.ts';

/** Starts the projector; its health is at the answered URL. */
export const startProjector = async (config: ProjectorConfig, env: NodeJS.ProcessEnv): Promise<Room & { url: string }> => {
  const telemetry = startTelemetry({ room: 'projector', env });
  const logger = createLogger('projector', { level: config.logLevel });
  const app = await createHttpApp(ProjectorModule.register(config, logger), {
    report: (error, about) => logger.error({ ...about, err: error }, 'a request failed'),
  });
  const url = await listenOn(app, config.healthPort, 'PROJECTOR_HEALTH_PORT');
  return {
    url,
    stop: async () => {
      await app.close();
      await telemetry.stop();
    },
  };
};
