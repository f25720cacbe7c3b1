import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandId, type ErrorCode, type FailureClass } from '#contract';
import {
  answerHandshake, createApiClient, flowHeaders, identifyEvent, nameEvent, PartnerFailure, signWebhook, verifySignature,
  type Account, type Call, type Partner, type PartnerApiClient, type Performed, type Resolution,
} from '#partner-kit';
import { partnerNamed } from '#partners';
import { startSandbox, type Sandbox } from '../../apps/sandbox/start-sandbox.ts';

/** What a partner can do; the suite asks for no more, and for no less. */
export type PartnerFeatures = {
  signsWebhooks: boolean;
  /** Listing is not part of the driver port yet. */
  lists: false;
  /** The best resolution that one of its actions has; `none` also for a partner without actions. */
  idempotency: Resolution;
};

/** What the sandbox must be asked for, to see the partner in every state. */
export type PartnerScript = {
  account(sandboxUrl: string): Account;
  /** An input that succeeds, for each action. Called anew for every call. */
  inputs: Record<string, () => unknown>;
  troubles: Trouble[];
  webhooks: WebhookCase[];
};

/** A state in which a call fails, and how that failure must be classified. */
export type Trouble = {
  title: string;
  action: string;
  input?: unknown;
  credentials?: Record<string, string>;
  faults?: Record<string, unknown>;
  gives: { failureClass: FailureClass; code: ErrorCode; retryAfterMs?: number; effectUnknown?: true };
};

export type WebhookCase = {
  fixture: string;
  secret: string;
  headers?: Record<string, string>;
  identity?: string;
  name: string;
  /** What a greeting is answered with. */
  answers?: unknown;
};

let commands = 0;

/** Everything that one partner's tests share: the sandbox, a client, and the partner's own record. */
class Stage {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly client: PartnerApiClient,
    readonly account: Account,
    private readonly name: string,
  ) {}

  static async open(name: string, script: PartnerScript): Promise<Stage> {
    const sandbox = await startSandbox({ port: 0 });
    return new Stage(sandbox, createApiClient({ timeoutMs: 250, userAgent: 'trunkline/suite' }), script.account(sandbox.url), name);
  }

  call(input: unknown, credentials: Record<string, string> = {}): Call {
    const id = commandId('suite', this.name, String((commands += 1)));
    const http = this.client.carrying(flowHeaders({ commandId: id, correlationId: id, hops: 1 }));
    const account = { ...this.account, credentials: { ...this.account.credentials, ...credentials } };
    return { idempotencyKey: id, correlationId: id, input, account, http, issuedAt: new Date(Date.now() - 60_000).toISOString() };
  }

  async order(faults: Record<string, unknown>): Promise<void> {
    await this.client.send({ method: 'PUT', url: `${this.sandbox.url}/_sandbox/faults`, body: { partner: this.name, ...faults } });
  }

  async startAnew(): Promise<void> {
    await this.client.send({ method: 'DELETE', url: `${this.sandbox.url}/_sandbox/faults` });
    await this.client.send({ method: 'DELETE', url: `${this.sandbox.url}/_sandbox/record` });
  }

  async record(): Promise<{ effects: number; doubled: number; references: number }> {
    const { body } = await this.client.send({ method: 'GET', url: `${this.sandbox.url}/_sandbox/record` });
    return (body as { partners: Record<string, never> }).partners[this.name]!;
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.sandbox.stop();
  }
}

const failureOf = async (performed: Promise<unknown>): Promise<PartnerFailure> => {
  const error = await performed.then((value) => value, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PartnerFailure);
  return error as PartnerFailure;
};

/** What the connector does with a command whose answer was lost. */
const resolve = async (partner: Partner, action: string, call: Call): Promise<Performed | 'uncertain'> => {
  const { resolution, perform, lookup } = partner.actions[action]!;
  if (resolution === 'none') return 'uncertain';
  return (resolution === 'lookup' ? await lookup!(call) : undefined) ?? perform(call);
};

const EVERY_PARTNERS_TROUBLES: Omit<Trouble, 'action'>[] = [
  { title: 'a 503', faults: { failRate: 1, status: 503 }, gives: { failureClass: 'transient', code: 'partner-error' } },
  { title: 'a 500, after which nobody knows', faults: { failRate: 1, status: 500 }, gives: { failureClass: 'transient', code: 'partner-error', effectUnknown: true } },
  { title: 'silence', faults: { timeoutRate: 1 }, gives: { failureClass: 'transient', code: 'partner-timeout', effectUnknown: true } },
  { title: 'a lost answer', faults: { dropAfterEffect: 1 }, gives: { failureClass: 'transient', code: 'partner-unreachable', effectUnknown: true } },
  { title: 'too many calls', faults: { failRate: 1, status: 429, retryAfterS: 40 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited' } },
];

const tellsTruthOfItself = (partner: Partner, script: PartnerScript, features: PartnerFeatures): void => {
  it('is what its features say', () => {
    const resolutions = Object.values(partner.actions).map((action) => action.resolution);
    const best = (['key', 'natural', 'lookup', 'none'] as const).find((resolution) => resolutions.includes(resolution)) ?? 'none';
    expect(best).toBe(features.idempotency);
    expect(partner.webhooks !== undefined).toBe(features.signsWebhooks);
    if (partner.oauth !== undefined) expect(Object.keys(partner.needs.credentials)).toContain(partner.oauth.credential);
  });

  it('has for each action a sentence, a valid schema that the sample input fits, and a lookup exactly where it promises one', () => {
    expect(Object.keys(script.inputs).sort()).toEqual(Object.keys(partner.actions).sort());
    const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false });
    for (const [name, action] of Object.entries(partner.actions)) {
      expect(action.about).toMatch(/^[A-Z].*\.$/s);
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(action.lookup !== undefined).toBe(action.resolution === 'lookup');
      expect(ajv.validate(action.input, script.inputs[name]!()), ajv.errorsText()).toBe(true);
    }
  });
};

const performs = (partner: Partner, script: PartnerScript, stage: () => Stage): void => {
  it.each(Object.keys(partner.actions))('%s has its effect once', async (action) => {
    const performed = await partner.actions[action]!.perform(stage().call(script.inputs[action]!()));
    expect(performed.status).toBeGreaterThanOrEqual(200);
    expect(performed.status).toBeLessThan(300);
    expect(await stage().record()).toMatchObject({ effects: 1, references: 1, doubled: 0 });
  });

  it.each(Object.keys(partner.actions))('%s: a lost answer is resolved to exactly one effect', async (action) => {
    const call = stage().call(script.inputs[action]!());
    await stage().order({ dropAfterEffect: 1 });
    expect((await failureOf(partner.actions[action]!.perform(call))).details.effectUnknown).toBe(true);
    await stage().order({});
    const resolved = await resolve(partner, action, call);
    expect(resolved === 'uncertain').toBe(partner.actions[action]!.resolution === 'none');
    expect(await stage().record()).toMatchObject({ effects: 1, doubled: 0 });
  });

  it.each(Object.keys(partner.actions).filter((action) => partner.actions[action]!.resolution !== 'none'))('%s: a call that never had an effect is resolved to one, too', async (action) => {
    const call = stage().call(script.inputs[action]!());
    await stage().order({ timeoutRate: 1 });
    await failureOf(partner.actions[action]!.perform(call));
    await stage().order({});
    await resolve(partner, action, call);
    expect(await stage().record()).toMatchObject({ effects: 1, doubled: 0 });
  });
};

const classifies = (partner: Partner, script: PartnerScript, stage: () => Stage): void => {
  const [first] = Object.keys(partner.actions);
  const troubles = [...EVERY_PARTNERS_TROUBLES.map((trouble) => ({ ...trouble, action: first! })), ...script.troubles];
  it.each(troubles.map((trouble) => [`${trouble.action}: ${trouble.title}`, trouble] as const))('%s is classified, and named without secrets', async (_title, trouble) => {
    await stage().order(trouble.faults ?? {});
    const call = stage().call(trouble.input ?? script.inputs[trouble.action]!(), trouble.credentials);
    const failure = await failureOf(partner.actions[trouble.action]!.perform(call));
    const { failureClass, code, details } = failure;
    expect({ failureClass, code, effectUnknown: details.effectUnknown, ...(trouble.gives.retryAfterMs ? { retryAfterMs: details.retryAfterMs } : {}) }).toEqual({ effectUnknown: undefined, ...trouble.gives });
    for (const secret of Object.values(call.account.credentials)) expect(failure.message).not.toContain(secret);
  });

  it('calls it an auth failure when credentials are not there, and names them', async () => {
    const call = stage().call(script.inputs[first!]!());
    call.account = { ...call.account, credentials: {} };
    const required = Object.keys(partner.needs.credentials).find((name) => !partner.needs.credentials[name]!.startsWith('Optional'));
    const failure = await failureOf(partner.actions[first!]!.perform(call));
    expect(failure.failureClass).toBe('auth');
    if (required !== undefined) expect(failure.message).toContain(required);
  });
};

const receives = (partner: Partner, script: PartnerScript): void => {
  const profile = partner.webhooks!;
  const cases = script.webhooks.map((one) => [one.fixture, one] as const);
  const received = (one: WebhookCase, nowMs: number, body = readFileSync(new URL(`../../libs/partners/${partner.name}/fixtures/${one.fixture}`, import.meta.url))) => {
    const request = { method: 'POST', url: `https://hub.test/webhooks/${partner.name}/suite`, body };
    return { ...request, query: {}, headers: { ...one.headers, ...signWebhook(profile.signature, one.secret, { ...request, id: 'msg_1' }, nowMs) } };
  };
  const parsed = (one: WebhookCase, body: Buffer): unknown => (one.fixture.endsWith('.form') ? Object.fromEntries(new URLSearchParams(body.toString())) : JSON.parse(body.toString()));

  it.each(cases)('%s: verifies when signed, and only then', (_fixture, one) => {
    const now = Date.now();
    const request = received(one, now);
    expect(verifySignature(profile.signature, [one.secret], request, now)).toEqual({ ok: true });
    expect(verifySignature(profile.signature, ['whsec_b3RoZXI='], request, now)).toMatchObject({ ok: false });
    expect(verifySignature(profile.signature, [one.secret], { ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }, now)).toMatchObject({ ok: false });
    expect(verifySignature(profile.signature, [one.secret], { ...request, headers: one.headers ?? {} }, now)).toMatchObject({ ok: false });
  });

  it.each(cases)('%s: has its identity and its name', (_fixture, one) => {
    const request = received(one, Date.now());
    const identity = identifyEvent(profile.identity, request, parsed(one, request.body));
    if (one.identity !== undefined) expect(identity).toBe(one.identity);
    else expect(identity).not.toBe('');
    expect(nameEvent(profile.name, request, parsed(one, request.body))).toBe(one.name);
  });

  it.each(cases)('%s: is greeted back only when it is a greeting', (_fixture, one) => {
    const greeting = profile.handshake && answerHandshake(profile.handshake, parsed(one, received(one, Date.now()).body));
    expect(greeting && JSON.parse(greeting.body)).toEqual(one.answers);
  });

  it('keeps no header that is a secret or a signature', () => {
    expect(profile.keepHeaders.filter((name) => /signature|authorization|cookie|token|secret/i.test(name))).toEqual([]);
  });
};

/** What every partner must hold to. A partner is done when this is green. */
export const partnerSuite = (name: string, script: PartnerScript, features: PartnerFeatures): void => {
  describe(name, () => {
    const partner = partnerNamed(name)!;
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.open(name, script);
    });
    afterAll(() => stage.close());
    beforeEach(() => stage.startAnew());

    tellsTruthOfItself(partner, script, features);
    if (Object.keys(partner.actions).length > 0) {
      performs(partner, script, () => stage);
      classifies(partner, script, () => stage);
    }
    if (features.signsWebhooks) receives(partner, script);
  });
};
