import { SpanStatusCode } from '@opentelemetry/api';
import type { FastifyReply } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTraceparent } from '#contract';
import { createLogger } from '#telemetry';
import { recordSpans, type RecordedSpans } from '#testkit';
import { keepOutcomes } from './keep-outcomes.ts';
import { WebhookDoor, type WebhookHttpRequest } from './webhook-door.ts';
import type { Integration, Receipt, ReceivedWebhook } from './webhook-stages.ts';

const CORRELATION_ID = '0198a000-0000-7000-8000-000000000001';
const ACCEPTED: Receipt = { outcome: 'accepted', eventId: '0198a000-0000-5000-8000-000000000002', correlationId: CORRELATION_ID };
const REFUSED: Receipt = { outcome: 'signature-refused', detail: 'The signature matches no active secret.' };

const integration: Integration = {
  partner: 'acme', name: 'main', tenant: 'default', paused: false, secrets: [], personal: [], readsBody: false,
  profile: { signature: { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', signature: { header: 'x-sig' }, signed: '{body}' }, identity: { by: 'body' }, name: { parts: [] }, contentTypes: [], keepHeaders: [] },
};
const request = {
  integration, id: 'r1', method: 'POST', url: '/webhooks/acme/main', ip: '127.0.0.1', query: {}, body: Buffer.from('{}'),
  params: { partner: 'acme', integration: 'main' }, headers: { host: 'hub', 'x-correlation-id': CORRELATION_ID },
} as unknown as WebhookHttpRequest;

const replyTo = () => {
  const sent: { code?: number } = {};
  const reply = {
    request,
    code: (code: number) => {
      sent.code = code;
      return reply;
    },
    header: () => reply,
    send: () => reply,
  };
  return { sent, reply: reply as unknown as FastifyReply };
};

const doorThat = (receive: (received: ReceivedWebhook) => Promise<Receipt>): WebhookDoor =>
  new WebhookDoor({
    receive,
    admit: () => integration,
    knows: () => true,
    now: () => 0,
    outcomes: keepOutcomes(() => 0, () => undefined),
    logger: createLogger('ingest', { level: 'silent' }),
    publicUrl: '',
    maxBodyBytes: 1_000,
  });

describe('the span of a webhook', () => {
  let spans: RecordedSpans;
  beforeEach(() => void (spans = recordSpans()));
  afterEach(() => spans.stop());

  const only = () => {
    const made = spans.named('ingest.receive');
    expect(made).toHaveLength(1);
    return made[0]!;
  };

  it('says whose it was and what became of it, and is what the event points to', async () => {
    const { sent, reply } = replyTo();
    const flows: ReceivedWebhook['flow'][] = [];
    await doorThat(async ({ flow }) => (flows.push(flow), ACCEPTED)).receive(request, reply);
    expect(sent.code).toBe(202);
    const { status, attributes, spanContext } = only();
    expect(status).toEqual({ code: SpanStatusCode.UNSET });
    expect(attributes).toMatchObject({ 'trunkline.outcome': 'accepted', 'trunkline.partner': 'acme', 'trunkline.integration': 'main', 'trunkline.correlation.id': CORRELATION_ID });
    expect(parseTraceparent(flows[0]!.traceparent)).toMatchObject({ traceId: spanContext().traceId, spanId: spanContext().spanId });
  });

  it('has failed when the webhook was refused', async () => {
    await doorThat(async () => REFUSED).receive(request, replyTo().reply);
    expect(only()).toMatchObject({ status: { code: SpanStatusCode.ERROR, message: 'signature-refused' }, attributes: { 'trunkline.outcome': 'signature-refused' } });
  });

  it('has failed when the work threw, which goes on to whoever called', async () => {
    await expect(doorThat(() => Promise.reject(new Error('a bug'))).receive(request, replyTo().reply)).rejects.toThrow('a bug');
    expect(only()).toMatchObject({ status: { code: SpanStatusCode.ERROR, message: 'a bug' }, events: [{ name: 'exception' }] });
  });
});
