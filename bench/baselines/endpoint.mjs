// What many would build instead of ingest: Express checks the signature and waits until BullMQ has the job in Redis.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { Queue } from 'bullmq';
import { verifyStripe } from './verify-stripe.mjs';

const { REDIS_PORT, WEBHOOK_SECRET } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT) };
const queue = new Queue('webhooks', { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000 } });
await queue.waitUntilReady();

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/webhooks/stripe/acme', express.raw({ type: 'application/json', limit: '1mb' }), async (request, response) => {
  if (!verifyStripe(request.headers['stripe-signature'], request.body, WEBHOOK_SECRET)) return response.status(401).json({ status: 'refused' });
  const event = JSON.parse(request.body.toString('utf8'));
  const correlationId = randomUUID();
  // The partner's event id as the job's: a twin finds the job that is there.
  await queue.add(event.type, { event, correlationId }, { jobId: event.id });
  response.status(202).json({ status: 'accepted', eventId: event.id, correlationId });
});

const server = app.listen(0, '127.0.0.1', () => process.send({ ready: true, url: `http://127.0.0.1:${server.address().port}` }));
server.keepAliveTimeout = 72_000;
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
