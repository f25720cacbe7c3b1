import { describe, expect, it } from 'vitest';
import type { HubEvent, RouteSpec } from '#contract';
import { buildRouteTable } from './build-route-table.ts';
import { exampleEvent, exampleRoute } from './example-events.ts';
import { matchRoutes } from './match-routes.ts';

const namesFor = (event: HubEvent, ...routes: Partial<RouteSpec>[]): string[] =>
  matchRoutes(buildRouteTable({ routes: routes.map((route) => exampleRoute(route)) }), event).map((match) => match.route.spec.name);

describe('an event', () => {
  it.each([
    ['stripe.acme.inbound.invoice.paid', true],
    ['stripe.*.inbound.invoice.paid', true],
    ['*.acme.inbound.*.paid', true],
    ['stripe.acme.inbound.>', true],
    ['stripe.>', true],
    ['stripe.acme.inbound.invoice', false],
    ['stripe.acme.inbound.invoice.paid.>', false],
    ['stripe.acme.inbound.invoice.paid.late', false],
    ['stripe.acme.inbound.*', false],
    ['stripe.other.inbound.invoice.paid', false],
    ['Stripe.acme.inbound.invoice.paid', false],
  ])('is matched by %s: %s', (on, expected) => {
    expect(namesFor(exampleEvent(), { on })).toEqual(expected ? ['paid'] : []);
  });

  it('goes to every route that takes it, in the order of the manifest', () => {
    const routes = [{ name: 'c', on: 'stripe.>' }, { name: 'a' }, { name: 'other', on: 'github.>' }, { name: 'b', on: '*.*.inbound.>' }];
    expect(namesFor(exampleEvent(), ...routes)).toEqual(['c', 'a', 'b']);
  });

  it('is left alone where the filter does not hold', () => {
    expect(namesFor(exampleEvent(), { name: 'big', when: { 'body.amount': { $gt: 5000 } } }, { name: 'any' })).toEqual(['any']);
  });

  it.each([
    ['application/json', '{"a":1}', true],
    ['application/vnd.api+json; charset=utf-8', '{"a":1}', true],
    ['application/json', '{"a":', false],
    ['text/plain', '{"a":1}', false],
    ['application/x-www-form-urlencoded', 'a=1', false],
  ])('shows filters its body only where that is a value: %s %s', (contentType, data, expected) => {
    const event = exampleEvent({ contentType, data: Buffer.from(data) });
    expect(namesFor(event, { when: { 'body.a': 1 } })).toEqual(expected ? ['paid'] : []);
  });

  it('shows filters a form by its fields', () => {
    const event = exampleEvent({ contentType: 'application/x-www-form-urlencoded', data: Buffer.from('a=1&b=x&b=y&__proto__=z') });
    expect(namesFor(event, { when: { 'body.a': '1', 'body.b': { $eq: ['x', 'y'] } } })).toEqual(['paid']);
  });

  it('does not show filters the headers that carry the flow', () => {
    const event = exampleEvent({ headers: { traceparent: 'x', 'trunkline-hops': '1', 'x-shop': 'north' } });
    expect(namesFor(event, { when: { headers: { traceparent: { $exists: false }, 'trunkline-hops': { $exists: false }, 'x-shop': 'north' } } })).toEqual(['paid']);
  });

  it('has its body read at most once, and only for a filter that asks for it', () => {
    let reads = 0;
    const event = exampleEvent();
    const data = event.data;
    Object.defineProperty(event, 'data', { get: () => ((reads += 1), data) });
    namesFor(event, { name: 'a' }, { name: 'b', when: { type: { $prefix: 'inbound' } } }, { name: 'c', on: 'github.>', when: { 'body.a': 1 } });
    expect(reads).toBe(0);
    namesFor(event, { name: 'a', when: { 'body.a': 1 } }, { name: 'b', when: { 'body.b': 1 } });
    expect(reads).toBe(1);
  });
});

describe('a route table', () => {
  it('names the route whose filter is wrong', () => {
    expect(() => buildRouteTable({ routes: [exampleRoute({ when: { nope: 1 } })] })).toThrow("Route 'paid', when: nope begins with 'nope'");
  });
});
