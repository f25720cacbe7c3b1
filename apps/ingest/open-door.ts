import { limitRate } from '#boot';
import type { EventLog } from '#event-log';
import { partnerNamed } from '#partners';
import type { Logger } from '#telemetry';
import type { People } from '#vault';
import { admitWebhook } from './admit-webhook.flow.ts';
import type { IngestConfig } from './ingest.config.ts';
import type { IntegrationKeeper } from './keep-integrations.ts';
import type { OutcomeKeeper } from './keep-outcomes.ts';
import { receiveWebhook } from './receive-webhook.flow.ts';
import { WebhookDoor } from './webhook-door.ts';

type Parts = { log: EventLog; people: People; integrations: IntegrationKeeper; outcomes: OutcomeKeeper; config: IngestConfig; logger: Logger };

/** Joins ingest's flows to the log and to HTTP. */
export const openDoor = ({ log, people, integrations, outcomes, config, logger }: Parts): WebhookDoor =>
  new WebhookDoor({
    admit: admitWebhook({
      logReady: log.ready,
      integrations: integrations.current,
      knowsPartner: (name) => partnerNamed(name) !== undefined,
      rateLimit: config.ratePerSecond > 0 ? limitRate(config.ratePerSecond, () => performance.now()) : undefined,
      maxBodyBytes: config.maxBodyBytes,
    }),
    receive: receiveWebhook({ now: Date.now, seal: people.sealEvent, append: log.append }),
    knows: (partner, integration) => integrations.current()?.has(`${partner}/${integration}`) ?? false,
    now: Date.now,
    outcomes,
    logger,
    publicUrl: config.publicUrl.replace(/\/+$/, ''),
    maxBodyBytes: config.maxBodyBytes,
  });
