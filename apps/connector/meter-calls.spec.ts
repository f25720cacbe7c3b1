import { expect, it } from 'vitest';
import { PartnerFailure, type Action, type Call, type Partner } from '#partner-kit';
import { scrapeMetrics } from '#telemetry';
import { meterCalls } from './meter-calls.ts';

const call = { account: { integration: 'ops', credentials: {}, settings: {} } } as Call;
const action = (perform: Action['perform'], lookup?: Action['lookup']): Action => ({ about: '', resolution: 'lookup', input: {}, perform, lookup });

const recorded = async (partner: string) =>
  (await scrapeMetrics())!.split('\n').filter((line) => line.includes(`partner="${partner}"`) && /_(count|sum)\{/.test(line)).map((line) => line.replace('trunkline_connector_call_duration_seconds_', '')).sort();

it('records how long each call took, lookups too, by how it ended, and passes answers and errors on as they are', async () => {
  let now = 0;
  const takes = (ms: number, end: () => Promise<never> | Promise<{ status: number }>) => () => {
    now += ms;
    return end();
  };
  const refusal = new PartnerFailure('auth', 'partner-auth-failed', 'no', {});
  const bug = new TypeError('undefined is not a function');
  const partner: Partner = {
    name: 'metered', needs: { credentials: {}, settings: {} },
    actions: {
      post: action(takes(250, async () => ({ status: 200 })), takes(500, async () => ({ status: 204 }))),
      refuse: action(takes(100, () => Promise.reject(refusal))),
      break: action(takes(50, () => Promise.reject(bug))),
    },
  };
  const actions = meterCalls(partner, () => now);
  expect(await actions['post']!.perform(call)).toEqual({ status: 200 });
  expect(await actions['post']!.lookup!(call)).toEqual({ status: 204 });
  await expect(actions['refuse']!.perform(call)).rejects.toBe(refusal);
  await expect(actions['break']!.perform(call)).rejects.toBe(bug);
  expect(actions['refuse']!.lookup).toBeUndefined();
  const labels = (name: string, as: string) => `{partner="metered",integration="ops",action="${name}",class="${as}"}`;
  expect(await recorded('metered')).toEqual([
    `count${labels('post', 'ok')} 2`, `sum${labels('post', 'ok')} 0.75`,
    `count${labels('refuse', 'auth')} 1`, `sum${labels('refuse', 'auth')} 0.1`,
    `count${labels('break', 'transient')} 1`, `sum${labels('break', 'transient')} 0.05`,
  ].sort());
});
