// What many would build instead of relay, router and connector: a BullMQ worker that makes the same one HTTP call with axios.
import { Agent } from 'node:http';
import axios from 'axios';
import { Worker } from 'bullmq';

const { REDIS_PORT, RECEIVER_URL, WORKER_CONCURRENCY } = process.env;
const concurrency = Number(WORKER_CONCURRENCY);
const client = axios.create({ baseURL: RECEIVER_URL, timeout: 5_000, httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) });

const worker = new Worker(
  'webhooks',
  async ({ id, data: { event, correlationId } }) => {
    const { n, customer, amount_paid: paid } = event.data.object;
    await client.post(`/calls/${n}`, { customer, paid }, { headers: { 'idempotency-key': id, 'x-correlation-id': correlationId } });
  },
  { connection: { host: '127.0.0.1', port: Number(REDIS_PORT) }, concurrency },
);
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
process.send({ ready: true });
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
