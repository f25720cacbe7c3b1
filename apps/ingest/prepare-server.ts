import type { FastifyInstance, FastifyReply } from 'fastify';
import type { WebhookDoor, WebhookHttpRequest } from './webhook-door.ts';

const WEBHOOK_URL = '/webhooks/:partner/:integration';

/**
 * Makes Fastify hand bodies over as the bytes that came, and lets the door see a webhook's head before its body is read
 * and what cannot be read. Call it before any route is registered.
 */
export const prepareServer = (server: FastifyInstance, door: WebhookDoor, maxBodyBytes: number): void => {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) => done(null, body));
  server.decorateRequest('integration', undefined);
  server.addHook('onRoute', (route) => {
    if (route.url !== WEBHOOK_URL) return;
    route.bodyLimit = maxBodyBytes;
    route.onRequest = (request, reply, next) => {
      if (!door.refuseByHead(request as WebhookHttpRequest, reply)) next();
    };
    route.errorHandler = (error, request, reply: FastifyReply) => door.refuseUnreadable(error as Error, request as WebhookHttpRequest, reply);
  });
};
