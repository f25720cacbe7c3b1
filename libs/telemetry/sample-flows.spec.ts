import { describe, expect, it } from 'vitest';
import { newCorrelationId, traceIdOf } from '#contract';
import { sampleFlows } from './sample-flows.ts';
import { readTraceSettings } from './trace-settings.ts';

const ids = Array.from({ length: 4_000 }, () => traceIdOf(newCorrelationId()));

describe('the decision at the start of a flow', () => {
  it('takes every flow, unless its caller does not, when nothing is set', () => {
    const sampled = sampleFlows({});
    expect([sampled(ids[0]!, undefined), sampled(ids[0]!, true), sampled(ids[0]!, false)]).toEqual([true, true, false]);
  });

  it('takes the share that is asked for, the same flows in every room', () => {
    const env = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' };
    const [here, there] = [sampleFlows(env), sampleFlows(env)];
    const taken = ids.filter((id) => here(id, undefined));
    expect(taken.length / ids.length).toBeGreaterThan(0.07);
    expect(taken.length / ids.length).toBeLessThan(0.13);
    expect(ids.filter((id) => there(id, undefined))).toEqual(taken);
    expect(here(taken[0]!, false)).toBe(false);
  });

  it.each([
    ['always_on', [true, true, true]],
    ['parentbased_always_off', [false, true, false]],
    ['traceidratio', [true, true, true]],
  ])('follows %s', (name, expected) => {
    const sampled = sampleFlows({ OTEL_TRACES_SAMPLER: name });
    expect([undefined, true, false].map((parent) => sampled(ids[0]!, parent))).toEqual(expected);
  });

  it.each([
    { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'ten' },
  ])('refuses %j', (env) => {
    expect(() => sampleFlows(env)).toThrow(/OTEL_TRACES_SAMPLER/);
  });
});

describe('the settings of traces', () => {
  it('have defaults, and are numbers', () => {
    expect(readTraceSettings({ TRACE_SLOW_SPAN_MS: '250', TRACE_HELD_SPANS: ' ' })).toEqual({ slowSpanMs: 250, slowFlowMs: 10_000, heldSpans: 5_000 });
  });

  it('are refused all at once', () => {
    expect(() => readTraceSettings({ TRACE_SLOW_SPAN_MS: '2s', TRACE_HELD_SPANS: '-1' })).toThrow(/TRACE_SLOW_SPAN_MS[\s\S]*TRACE_HELD_SPANS/);
  });
});
