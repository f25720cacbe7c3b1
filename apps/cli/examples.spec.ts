import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OpenCommand, HubEvent } from '#contract';
import { manifestSchema, parseManifest, resolveIntegration } from '#manifest';
import { partnerNamed, partners } from '#partners';
import { buildRouteTable, compileFilter, matchRoutes, planCommands, type RouteTable } from '#routing';
import { readManifest, type ReadManifest } from './read-manifest.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLES = ['trunkline.yaml', ...readdirSync(`${ROOT}examples`).filter((name) => name.endsWith('.yaml')).map((name) => `examples/${name}`)];
const fixture = (name: string): unknown => JSON.parse(readFileSync(`${ROOT}libs/partners/${name}`, 'utf8'));

const messageOf = (work: () => unknown): string => {
  try {
    return String(work());
  } catch (error) {
    return (error as Error).message;
  }
};

const eventOf = (source: string, body: unknown, headers: Record<string, string> = {}): HubEvent => {
  const [partner = '', integration = '', ...type] = source.split('.');
  return {
    id: '6a3c2b1e-0000-5000-8000-000000000001', type: type.join('.'), partner, integration, tenant: 'default', correlationId: '01890000-0000-7000-8000-000000000001',
    occurredAt: '2026-01-02T03:04:05.000Z', recordedAt: '2026-01-02T03:04:05.000Z', schemaVersion: 1, contentType: 'application/json',
    data: Buffer.from(JSON.stringify(body)), headers, at: { tx: 1n, position: 1n },
  };
};

/** The commands, each checked against what its partner's action takes. */
const commandsFor = async (table: RouteTable, event: HubEvent): Promise<Pick<OpenCommand, 'target' | 'input' | 'lane'>[]> => {
  const { commands } = await planCommands(event, matchRoutes(table, event), new Date(0));
  for (const command of commands) {
    const validate = new Ajv2020({ strict: false }).compile(partnerNamed(command.partner)!.actions[command.action]!.input);
    expect(command.defect).toBeUndefined();
    expect(validate(command.input), JSON.stringify(validate.errors)).toBe(true);
  }
  return commands.map(({ target, input, lane }) => ({ target, input, lane }));
};

describe.each(EXAMPLES)('the example %s', (name) => {
  it('may be applied, and writes out no secret', async () => {
    const { manifest, warnings } = await readManifest(ROOT + name);
    expect(manifest.routes.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });
});

describe('trunkline.yaml', () => {
  let example: ReadManifest;
  let table: RouteTable;
  beforeAll(async () => {
    example = await readManifest(`${ROOT}trunkline.yaml`);
    table = buildRouteTable(example.manifest);
  });

  it('works with no variable set, and calls nobody but the sandbox', () => {
    for (const spec of example.manifest.integrations) {
      const { spec: resolved, missing } = resolveIntegration(spec, {});
      expect(missing).toEqual([]);
      if (Object.keys(partnerNamed(spec.partner)!.actions).length > 0) expect(resolved.settings['baseUrl']).toBe(`http://127.0.0.1:3002/${spec.partner}`);
      if (spec.webhook !== undefined) expect(resolved.webhook!.secrets).toHaveLength(1);
    }
  });

  it('turns a paid invoice into a message and a record', async () => {
    const paid = fixture('stripe/fixtures/invoice.paid.json');
    expect(await commandsFor(table, eventOf('stripe.acme.inbound.invoice.paid', paid))).toEqual([
      { target: 'tell-ops', lane: 'normal', input: { text: 'Invoice F3C1A-0001 was paid by ada@example.com: 49.00 EUR' } },
      {
        target: 'keep-in-crm', lane: 'normal',
        input: { table: 'Invoices', mergeOn: ['Invoice'], records: [{ fields: { Invoice: 'in_1TrunklineInvoice0001', Customer: 'cus_Trunkline0001', Paid: 49, Currency: 'eur' } }] },
      },
    ]);
    expect(await commandsFor(table, eventOf('stripe.acme.inbound.invoice.paid', { data: { object: { id: 'in_1', amount_paid: 0 } } }))).toEqual([]);
  });

  it('turns a wish in Slack into a customer, and leaves other messages and bots alone', async () => {
    const say = (event: object) => commandsFor(table, eventOf('slack.ops.inbound.message', { type: 'event_callback', event: { type: 'message', user: 'U0ADA', ...event } }));
    const wanted = [{ target: 'create', lane: 'high', input: { email: 'ada@example.com', description: 'Asked for in Slack by U0ADA' } }];
    expect(await say({ text: 'new customer <mailto:ada@example.com|ada@example.com>' })).toEqual(wanted);
    expect(await say({ text: 'new customer ada@example.com' })).toEqual(wanted);
    expect(await say({ text: 'hello' })).toEqual([]);
    expect(await say({ text: 'new customer ada@example.com', bot_id: 'B1' })).toEqual([]);
  });

  it('turns a push to the main branch into a message', async () => {
    const push = (ref: string) => commandsFor(table, eventOf('github.acme.inbound.push', {
      ref, pusher: { name: 'ada' }, repository: { full_name: 'acme/site' }, commits: [{ id: 'a' }], head_commit: { message: 'Say hello' },
    }));
    expect(await push('refs/heads/main')).toEqual([{ target: 'tell-ops', lane: 'low', input: { text: 'ada pushed 1 commit to acme/site: Say hello' } }]);
    expect(await push('refs/heads/topic')).toEqual([]);
  });

  it('turns an order into a reservation', async () => {
    const order = fixture('generic/fixtures/order.created.json');
    expect(await commandsFor(table, eventOf('generic.shop.inbound.order.created', order))).toEqual([
      { target: 'reserve-stock', lane: 'normal', input: { url: '/orders/{{order}}/reservation', params: { order: 1001 }, json: { order: 1001, total: 4900, currency: 'EUR' } } },
    ]);
  });
});

describe('examples/tell-of-dead-letters.yaml', () => {
  it('tells of dead and uncertain commands, and not of its own', async () => {
    const table = buildRouteTable((await readManifest(`${ROOT}examples/tell-of-dead-letters.yaml`)).manifest);
    const report = { commandId: 'c1', route: 'paid', target: 'tell', failure: { class: 'client', code: 'partner-refused', message: 'no such channel' } };
    const become = (outcome: string, change: object = {}) => commandsFor(table, eventOf(`airtable.crm.command.${outcome}`, { ...report, ...change }));
    expect(await become('dead-lettered')).toMatchObject([{ input: { text: 'paid/tell to airtable.crm is dead-lettered: no such channel\nCommand c1, flow 01890000-0000-7000-8000-000000000001' } }]);
    expect(await become('uncertain', { failure: undefined })).toHaveLength(1);
    expect(await become('succeeded')).toEqual([]);
    expect(await become('dead-lettered', { route: 'dead-letters' })).toEqual([]);
  });
});

describe('examples/any-sender.yaml', () => {
  it('passes a wanted form on', async () => {
    const table = buildRouteTable((await readManifest(`${ROOT}examples/any-sender.yaml`)).manifest);
    const submit = (submission: object, tags: string[], region = 'eu') =>
      commandsFor(table, eventOf('generic.forms.inbound.form.submitted', { form: { tags }, submission: { id: 7, ...submission } }, { 'x-forms-region': region }));
    expect(await submit({ email: 'ada@example.com' }, [])).toEqual([
      { target: 'store', lane: 'normal', input: { url: '/submissions/{{id}}', params: { id: 7 }, json: { id: 7, email: 'ada@example.com' } } },
    ]);
    expect(await submit({}, ['news', 'customers'])).toHaveLength(1);
    expect(await submit({}, ['news'])).toEqual([]);
    expect(await submit({ spam: true }, ['customers'])).toEqual([]);
    expect(await submit({}, ['customers'], 'us')).toEqual([]);
  });
});

describe('docs/manifest.md', () => {
  const snippets = [...readFileSync(`${ROOT}docs/manifest.md`, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it.each(snippets)('shows manifests that may be applied %#', (snippet) => {
    expect(parseManifest(snippet, { partners }).routes).toHaveLength(1);
  });

  it('names every operator of filters', () => {
    const text = readFileSync(`${ROOT}docs/manifest.md`, 'utf8');
    const known = /there are (.*)$/.exec(messageOf(() => compileFilter({ type: { $none: 1 } })))![1]!.split(' ');
    expect(known.filter((operator) => !text.includes(`\`${operator}`))).toEqual([]);
  });
});

describe('docs/trunkline.schema.json', () => {
  it('is what `trunkline schema` prints', () => {
    const text = readFileSync(`${ROOT}docs/trunkline.schema.json`, 'utf8');
    expect(JSON.parse(text), 'run: node dist/apps/cli/main.js schema > docs/trunkline.schema.json').toEqual(JSON.parse(JSON.stringify(manifestSchema)));
  });
});
