import { describe, expect, it } from 'vitest';
import type { FilterSpec } from '#contract';
import { assertNoCycles } from './assert-no-cycles.ts';
import { exampleRoute, exampleTarget } from './example-events.ts';

type Short = [name: string, on: string, does: string | string[], when?: FilterSpec];

const check = (...routes: Short[]): void =>
  assertNoCycles({
    routes: routes.map(([name, on, does, when]) => exampleRoute({ name, on, when, to: [does].flat().map((one, at) => exampleTarget({ name: `t${at}`, do: one })) })),
  });

describe('routes', () => {
  it('may follow on from each other', () => {
    expect(() => check(['a', 'stripe.acme.inbound.>', 'slack.ops.post'], ['b', 'slack.ops.command.dead-lettered', 'http.pager.send'])).not.toThrow();
  });

  it('may listen to a partner that they call, as long as it is not to the calls', () => {
    expect(() => check(['a', 'slack.ops.inbound.>', 'slack.ops.post'])).not.toThrow();
  });

  it('may not listen to their own commands', () => {
    expect(() => check(['a', 'slack.ops.>', 'slack.ops.post'])).toThrow(
      expect.objectContaining({ code: 'route-cycle', message: expect.stringContaining('Routes lead back to themselves: a → a.') }),
    );
  });

  it('may not lead back to themselves through others, and only those on the way are named', () => {
    expect(() => check(
      ['start', 'stripe.acme.inbound.>', 'slack.ops.post'],
      ['a', 'slack.ops.command.succeeded', ['http.x.send', 'airtable.crm.add']],
      ['b', 'airtable.*.command.*', 'github.acme.open'],
      ['c', 'github.acme.command.*', 'slack.ops.post'],
      ['end', 'http.x.command.>', 'http.y.send'],
    )).toThrow('a → b → c → a');
  });

  it('may tell of every dead letter when they leave out their own', () => {
    const all = '*.*.command.dead-lettered';
    expect(() => check(['alert', all, 'slack.ops.post'])).toThrow('alert → alert');
    expect(() => check(['alert', all, 'slack.ops.post', { 'body.route': { $ne: 'alert' } }])).not.toThrow();
    expect(() => check(['alert', all, 'slack.ops.post', { body: { route: { $ne: 'other' } } }])).toThrow('alert → alert');
    expect(() => check(['alert', all, 'slack.ops.post', { 'body.attempt': { $gt: 3 } }])).toThrow('alert → alert');
  });

  it('may listen by type to outcomes that lead nowhere', () => {
    expect(() => check(['a', 'slack.ops.>', 'slack.ops.post', { type: { $prefix: 'inbound.' } }])).not.toThrow();
  });

  it('are checked in a chain of thousands', () => {
    const chain = Array.from({ length: 5_000 }, (_, at): Short => [`r${at}`, `p${at}.i.command.*`, `p${at + 1}.i.do`]);
    expect(() => check(...chain)).not.toThrow();
    expect(() => check(...chain, ['last', 'p5000.i.command.*', 'p4999.i.do'])).toThrow('r4999 → last → r4999');
  });
});
