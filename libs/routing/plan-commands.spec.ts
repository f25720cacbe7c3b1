import { describe, expect, it } from 'vitest';
import { commandId, type HubEvent, type TargetSpec } from '#contract';
import { buildRouteTable } from './build-route-table.ts';
import { exampleEvent, exampleRoute, exampleTarget } from './example-events.ts';
import { matchRoutes } from './match-routes.ts';
import { HOP_LIMIT, planCommands, type Plan } from './plan-commands.ts';

const now = new Date('2026-03-04T05:06:07.000Z');

const planFor = (event: HubEvent, ...to: Partial<TargetSpec>[]): Promise<Plan> => {
  const table = buildRouteTable({ routes: [exampleRoute({ to: to.map((target) => exampleTarget(target)) })] });
  return planCommands(event, matchRoutes(table, event), now);
};

describe('a command', () => {
  it('carries what its event and target say', async () => {
    const event = exampleEvent({ tenant: 'north', headers: { traceparent: '00-1-2-01', 'trunkline-hops': '2' } });
    const { commands } = await planFor(event, { with: '{ "text": body.customer.email }', lane: 'high' });
    expect(commands).toEqual([{
      id: commandId(event.id, 'paid', 'tell'), partner: 'slack', integration: 'ops', action: 'post-message', lane: 'high', tenant: 'north',
      route: 'paid', target: 'tell', eventId: event.id, correlationId: event.correlationId, traceparent: '00-1-2-01', hops: 3,
      issuedAt: '2026-03-04T05:06:07.000Z', deadline: '2026-03-04T05:07:07.000Z', redrive: 0, input: { text: 'ada@example.com' },
    }]);
  });

  it('has the same id however often its event is planned', async () => {
    const [first, second] = [await planFor(exampleEvent(), {}), await planFor(exampleEvent(), {})];
    expect(first.commands[0]!.id).toBe(second.commands[0]!.id);
  });

  it('takes the whole body where there is no mapping', async () => {
    const text = exampleEvent({ contentType: 'text/plain', data: Buffer.from('hello') });
    const form = exampleEvent({ contentType: 'application/x-www-form-urlencoded', data: Buffer.from('a=1&b=2&b=3') });
    const none = exampleEvent({ data: Buffer.from('null') });
    const inputs = [];
    for (const event of [exampleEvent(), text, form, none]) inputs.push((await planFor(event, {})).commands[0]!.input);
    expect(inputs).toEqual([{ amount: 1200, customer: { email: 'ada@example.com' } }, 'hello', { a: '1', b: ['2', '3'] }, null]);
  });

  it('shows a body that is not a value to its mapping as text', async () => {
    const event = exampleEvent({ contentType: 'application/xml', data: Buffer.from('<a/>') });
    expect((await planFor(event, { with: '$uppercase(body)' })).commands[0]!.input).toBe('<A/>');
  });
});

describe('a plan', () => {
  it('gives one command to each target, with ids of their own', async () => {
    const { commands } = await planFor(exampleEvent(), { name: 'a' }, { name: 'b' }, { name: 'c', do: 'http.warehouse.send' });
    expect(commands.map((command) => `${command.target} ${command.partner}.${command.integration}.${command.action}`)).toEqual([
      'a slack.ops.post-message', 'b slack.ops.post-message', 'c http.warehouse.send',
    ]);
    expect(new Set(commands.map((command) => command.id)).size).toBe(3);
  });

  it('marks the command that cannot be mapped, and leaves the others be', async () => {
    const { commands } = await planFor(exampleEvent(), { name: 'bad', with: '$error("no")' }, { name: 'broken', with: '{{' }, { name: 'good', with: '1' });
    expect(commands.map((command) => [command.target, command.defect?.code, command.input])).toEqual([
      ['bad', 'mapping-failed', null], ['broken', 'mapping-failed', null], ['good', undefined, 1],
    ]);
    expect(commands[0]!.defect!.message).toContain('no');
  });

  it('marks a command whose body is too deep to be passed on', async () => {
    const event = exampleEvent({ data: Buffer.from(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) });
    expect((await planFor(event, {})).commands[0]!.defect!.message).toContain('The body cannot be passed on: it is nested');
  });

  it('ends a flow that has gone through too many commands, and says so', async () => {
    const last = await planFor(exampleEvent({ headers: { 'trunkline-hops': String(HOP_LIMIT - 1) } }), {});
    const beyond = await planFor(exampleEvent({ headers: { 'trunkline-hops': String(HOP_LIMIT) } }), { name: 'a' }, { name: 'b' });
    expect([last.commands.length, last.skipped.length]).toEqual([1, 0]);
    expect(beyond.commands).toEqual([]);
    expect(beyond.skipped).toMatchObject([{ route: 'paid', target: 'a', reason: 'hop-limit' }, { target: 'b' }]);
  });
});
