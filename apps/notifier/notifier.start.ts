import { startWorker, type Room } from '#boot';
import { openChannels } from '#notify';
import { startTelemetry } from '#telemetry';
import type { NotifierConfig } from './notifier.config.ts';
import { NotifierModule } from './notifier.module.ts';

/** Starts the notifier; its health is at the answered URL. Throws `config-invalid` for a channel that is half configured. */
export const startNotifier = async (config: NotifierConfig, env: NodeJS.ProcessEnv): Promise<Room> =>
  startWorker({
    module: NotifierModule.register(config, openChannels(config, Date.now)),
    health: { port: config.healthPort, env: 'NOTIFIER_HEALTH_PORT' },
    telemetry: startTelemetry({ room: 'notifier', env }),
  });
