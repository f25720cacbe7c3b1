import { createHttpApp, limitRate, listenOn, type RequestLimit, type Room } from '#boot';
import { createLogger, startTelemetry } from '#telemetry';
import type { ConsoleConfig } from './console.config.ts';
import { ConsoleModule } from './console.module.ts';
import { describeApi } from './describe-api.ts';
import { serveReference } from './serve-reference.ts';

/** Each has a name, a rate, and what tells its callers apart; a caller without a key is not limited by it. */
const limitsOf = (config: ConsoleConfig): RequestLimit[] =>
  config.ratePerSecond === 0 ? [] : [{ name: 'address', limit: limitRate(config.ratePerSecond, () => performance.now()), keyOf: (request) => request.ip }];

/** Starts the console on its port. It comes up without the database, too, and says so until it is there. */
export const startConsole = async (config: ConsoleConfig, env: NodeJS.ProcessEnv): Promise<Room & { url: string }> => {
  const telemetry = startTelemetry({ room: 'console', env });
  const logger = createLogger('console', { level: config.logLevel });
  const app = await createHttpApp(ConsoleModule.register(config, env), {
    bodyLimit: 16 * 1024,
    trustedProxies: config.trustedProxies,
    allowFrom: config.allowFrom,
    limits: limitsOf(config),
    report: (error, about) => logger.error({ ...about, err: error }, 'a request failed'),
  });
  serveReference(app.getHttpAdapter().getInstance(), describeApi(app));
  const url = await listenOn(app, config.port, 'CONSOLE_PORT', config.host);
  return {
    url,
    stop: async () => {
      await app.close();
      await telemetry.stop();
    },
  };
};
