import { describe, expect, it } from 'vitest';
import { buildRouteTable } from './build-route-table.ts';
import { exampleEvent, exampleRoute } from './example-events.ts';
import { explainEvent } from './explain-event.ts';

describe('an explanation', () => {
  it('says for each route why it takes the event or not, and what follows', async () => {
    const table = buildRouteTable({
      routes: [
        exampleRoute({ name: 'other', on: 'github.>' }),
        exampleRoute({ name: 'big', when: { 'body.amount': { $gte: 5000 } } }),
        exampleRoute({ name: 'filtered', when: { 'body.amount': 1200 } }),
        exampleRoute({ name: 'plain' }),
      ],
    });
    const explained = await explainEvent(table, exampleEvent(), new Date(0));
    expect(explained.subject).toBe('stripe.acme.inbound.invoice.paid');
    expect(explained.routes.map((route) => [route.route, route.outcome, route.why])).toEqual([
      ['other', 'subject-differs', 'It listens to github.>; this event is stripe.acme.inbound.invoice.paid.'],
      ['big', 'filter-differs', 'Its filter does not hold: body.amount: {"$gte":5000}, found 1200.'],
      ['filtered', 'matched', 'Its subject and its filter fit.'],
      ['plain', 'matched', 'Its subject fits, and it has no filter.'],
    ]);
    expect(explained.commands.map((command) => command.route)).toEqual(['filtered', 'plain']);
  });
});
