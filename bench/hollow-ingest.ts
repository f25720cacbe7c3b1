import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { createHttpApp, keepTicksFast, listenOn, loadConfig } from '#boot';
import type { NewEvent } from '#contract';
import type { Appended, EventLog } from '#event-log';
import { ingestConfig } from '../apps/ingest/ingest.config.ts';
import { IngestModule } from '../apps/ingest/ingest.module.ts';
import { prepareServer } from '../apps/ingest/prepare-server.ts';
import type { WebhookDoor } from '../apps/ingest/webhook-door.ts';
import { WEBHOOK_DOOR } from '../apps/ingest/webhook.controller.ts';
import { answerQuestions } from './load/answer-questions.ts';

/** Ingest as it is, but for the append, which says yes and does nothing: what HTTP, signatures and ids cost by themselves. */

const appendNothing = async ({ id, correlationId }: NewEvent): Promise<Appended> => ({ first: true, id, correlationId });

const isDoor = (provider: unknown): provider is FactoryProvider => (provider as FactoryProvider).provide === WEBHOOK_DOOR;

const hollow = (module: DynamicModule): DynamicModule => ({
  ...module,
  providers: module.providers!.map((provider) => {
    if (!isDoor(provider)) return provider;
    const { useFactory } = provider;
    return { ...provider, useFactory: (log: EventLog, ...others: unknown[]) => useFactory({ ...log, append: appendNothing }, ...others) as unknown };
  }),
});

keepTicksFast();
const config = loadConfig(ingestConfig);
const app = await createHttpApp(hollow(IngestModule.register(config, process.env)), {
  bodyLimit: config.maxBodyBytes,
  headWithinMs: config.headWithinMs,
  requestWithinMs: config.requestWithinMs,
});
prepareServer(app.getHttpAdapter().getInstance(), app.get<WebhookDoor>(WEBHOOK_DOOR), config.maxBodyBytes);
const url = await listenOn(app, config.port, 'INGEST_PORT', config.host);
answerQuestions({ url }, async () => undefined);
