import { createHttpApp, listenOn, type Room } from '#boot';
import { HubError } from '#contract';
import { createLogger, startTelemetry } from '#telemetry';
import type { IngestConfig } from './ingest.config.ts';
import { IngestModule } from './ingest.module.ts';
import { prepareServer } from './prepare-server.ts';
import type { WebhookDoor } from './webhook-door.ts';
import { WEBHOOK_DOOR } from './webhook.controller.ts';

/** With its headers, an event must fit into one message of the bus. */
const LARGEST_BODY = 1_900_000;

const requireBodyLimit = (bytes: number): void => {
  if (bytes > LARGEST_BODY) throw new HubError('config-invalid', `INGEST_MAX_BODY_BYTES is ${bytes}; the bus carries at most ${LARGEST_BODY}. Set it lower.`);
};

/** Starts ingest on its port. Comes up without the log, too, and then answers 503 until it is there. Signing secrets come from `env`. */
export const startIngest = async (config: IngestConfig, env: NodeJS.ProcessEnv): Promise<Room & { url: string }> => {
  requireBodyLimit(config.maxBodyBytes);
  const telemetry = startTelemetry({ room: 'ingest', env, oneSpanPerFlow: true });
  const logger = createLogger('ingest', { level: config.logLevel });
  const app = await createHttpApp(IngestModule.register(config, env), {
    bodyLimit: config.maxBodyBytes,
    trustedProxies: config.trustedProxies,
    headWithinMs: config.headWithinMs,
    requestWithinMs: config.requestWithinMs,
    maxConnections: config.maxConnections,
    report: (err, about) => logger.error({ ...about, err }, 'unexpected error'),
  });
  prepareServer(app.getHttpAdapter().getInstance(), app.get<WebhookDoor>(WEBHOOK_DOOR), config.maxBodyBytes);
  const url = await listenOn(app, config.port, 'INGEST_PORT', config.host);
  const stop = async (): Promise<void> => {
    await app.close();
    await telemetry.stop();
  };
  return { url, stop };
};
