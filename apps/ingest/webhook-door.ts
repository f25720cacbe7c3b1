import { headerOf, type WebhookRequest } from '#partner-kit';
import { maskText, newFlow, openSpan, type Flow, type Logger, type OpenSpan } from '#telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutcomeKeeper } from './keep-outcomes.ts';
import { malformedRequest } from './malformed-request.ts';
import { mediaTypeOf } from './media-type.ts';
import { isRefusal, type Integration, type Receipt, type ReceivedWebhook, type Refusal, type WebhookHead } from './webhook-stages.ts';
import { writeAnswer } from './write-answer.ts';

type Needs = {
  admit(head: WebhookHead): Integration | Refusal;
  receive(received: ReceivedWebhook): Promise<Receipt>;
  now(): number;
  /** Whether there is such an integration that takes webhooks, paused or not. */
  knows(partner: string, integration: string): boolean;
  outcomes: OutcomeKeeper;
  logger: Logger;
  /** What partners were told to send to, without a final slash; empty: what the request itself says. */
  publicUrl: string;
  maxBodyBytes: number;
};

/** The request as it travels through Fastify: `integration` is there once its head was admitted. */
export type WebhookHttpRequest = FastifyRequest<{ Params: { partner: string; integration: string } }> & { integration?: Integration };

/** Between HTTP and the stories: makes stages of requests, and answers, spans, counts and log lines of receipts. */
export class WebhookDoor {
  constructor(private readonly needs: Needs) {}

  /** Before the body is read: answers at once what its head alone condemns. True when it did. */
  refuseByHead(request: WebhookHttpRequest, reply: FastifyReply): boolean {
    const { headers, method, params } = request;
    const address = (): string => request.ip;
    const admitted = this.needs.admit({ method, partner: params.partner, integration: params.integration, headers, address });
    if (!isRefusal(admitted)) {
      request.integration = admitted;
      return false;
    }
    this.answer(request, reply, admitted, flowOf(headers));
    return true;
  }

  /** The body is here. */
  async receive(request: WebhookHttpRequest, reply: FastifyReply): Promise<void> {
    const flow = flowOf(request.headers);
    const span = openSpan('ingest.receive', { parent: flow.traceparent, correlationId: flow.correlationId, kind: 'server' });
    const integration = request.integration!;
    try {
      const receipt = await this.needs.receive({ integration, request: this.webhookRequest(request), flow: span ? { ...flow, traceparent: span.traceparent } : flow });
      if (span) describe(span, integration, receipt);
      this.answer(request, reply, receipt, flow);
    } catch (error) {
      span?.throwing(error);
      throw error;
    } finally {
      span?.end();
    }
  }

  /** The body could not be read: answers when that is the sender's doing, else throws on. */
  refuseUnreadable(error: Error, request: WebhookHttpRequest, reply: FastifyReply): void {
    const refusal = malformedRequest(error, this.needs.maxBodyBytes);
    if (refusal === undefined) throw error;
    this.answer(request, reply, refusal, flowOf(request.headers));
  }

  private answer(request: WebhookHttpRequest, reply: FastifyReply, receipt: Receipt, flow: Flow): void {
    this.note(request, receipt, flow);
    writeAnswer(reply, receipt, flow.correlationId);
  }

  private note(request: WebhookHttpRequest, receipt: Receipt, flow: Flow): void {
    const { outcomes, logger } = this.needs;
    const { partner, integration } = request.params;
    const { outcome } = receipt;
    const known = this.needs.knows(partner, integration);
    outcomes.count(partner, integration, known, outcome);
    if (isRefusal(receipt)) {
      const sample = this.sampleOf(request, receipt, flow);
      if (outcomes.keep(sample, known)) logger.warn(sample, 'webhook refused');
    } else if (logger.isLevelEnabled('debug')) {
      logger.debug({ outcome, partner, integration, correlationId: flow.correlationId, ...('eventId' in receipt && { eventId: receipt.eventId }) }, 'webhook received');
    }
  }

  private sampleOf({ params, headers, body, ip, id }: WebhookHttpRequest, { outcome, detail }: Refusal, { correlationId }: Flow) {
    return {
      at: new Date(this.needs.now()).toISOString(),
      correlationId,
      requestId: id,
      partner: shownName(params.partner),
      integration: shownName(params.integration),
      cause: outcome,
      detail,
      remoteAddress: ip,
      contentType: maskText(mediaTypeOf(headers).slice(0, 100)),
      bytes: Buffer.isBuffer(body) ? body.length : Number(headers['content-length']) || 0,
      headerNames: Object.keys(headers).slice(0, 50).map((name) => maskText(name.slice(0, 64))),
    };
  }

  private webhookRequest({ method, headers, query, body, url }: WebhookHttpRequest): WebhookRequest {
    const origin = this.needs.publicUrl || `http://${headers.host ?? ''}`;
    return { method, url: origin + url, headers, query: query as Record<string, unknown>, body: (body as Buffer | undefined) ?? EMPTY };
  }
}

const EMPTY = Buffer.alloc(0);

const describe = (span: OpenSpan, { partner, name }: Integration, receipt: Receipt): void => {
  if (isRefusal(receipt)) span.fail(receipt.outcome);
  span.set({ 'trunkline.outcome': receipt.outcome, 'trunkline.partner': partner, 'trunkline.integration': name });
};

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** A stranger's URL may hold anything: what cannot be a name is not shown. */
const shownName = (name: string): string => (NAME.test(name) ? name : '?');

const flowOf = (headers: WebhookRequest['headers']): Flow =>
  newFlow({ traceparent: headerOf({ headers }, 'traceparent'), correlationIdHeader: headerOf({ headers }, 'x-correlation-id') });
