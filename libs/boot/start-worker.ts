import type { DynamicModule } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { createHttpApp, listenOn } from './create-http-app.ts';
import { PassErrors } from './pass-errors.ts';
import type { Room } from './run-room.ts';

export type WorkerOptions = {
  module: DynamicModule;
  /** The provider that is this room's transport, for rooms with consumers. */
  transport?: symbol;
  /** 0 takes any free port; `env` is the variable that sets it. */
  health: { port: number; env: string };
  /** Ended after everything else. */
  telemetry: { stop(): Promise<void> };
};

/** Starts a room that nobody calls: its door is the log, the bus or the clock, and HTTP only tells its health. */
export const startWorker = async ({ module, transport, health, telemetry }: WorkerOptions): Promise<Room> => {
  const app = await createHttpApp(module);
  if (transport !== undefined) {
    const strategy = app.get<CustomTransportStrategy>(transport);
    // Deferred: otherwise its handlers are bound at once, without the filter.
    app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new PassErrors());
    await app.startAllMicroservices();
  }
  const url = await listenOn(app, health.port, health.env);
  return {
    url,
    stop: async () => {
      await app.close();
      await telemetry.stop();
    },
  };
};
