import { createRequire } from 'node:module';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { HubError } from '#contract';
import type { Environment } from './exports-signal.ts';

/** Whether a flow is in the sample; `parent` is what its caller, or the room before, decided. */
export type SampleFlows = (traceId: string, parent: boolean | undefined) => boolean;

type ByTrace = (traceId: string) => boolean;

const SAMPLERS = ['always_on', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;

const ratioOf = (env: Environment): number => {
  const text = env['OTEL_TRACES_SAMPLER_ARG']?.trim() || '1';
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new HubError('config-invalid', `OTEL_TRACES_SAMPLER_ARG must be a share from 0 to 1, and is "${text}".`);
};

/** The SDK's own, so that whoever else samples by it takes the same traces. */
const byRatio = (ratio: number): ByTrace => {
  const { TraceIdRatioBasedSampler, SamplingDecision } = createRequire(import.meta.url)('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const sampler = new TraceIdRatioBasedSampler(ratio);
  return (traceId) => sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
};

/** Whether `OTEL_TRACES_SAMPLER` switches spans off altogether. */
export const samplesNothing = (env: Environment): boolean => env['OTEL_TRACES_SAMPLER']?.trim() === 'always_off';

/** Which flows are sampled, by `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`. Throws `config-invalid` when they say nothing known. */
export const sampleFlows = (env: Environment): SampleFlows => {
  const name = env['OTEL_TRACES_SAMPLER']?.trim() || 'parentbased_always_on';
  if (!SAMPLERS.some((known) => known === name)) {
    throw new HubError('config-invalid', `OTEL_TRACES_SAMPLER must be one of ${SAMPLERS.join(', ')}, always_off, and is "${name}".`);
  }
  const root: ByTrace = name.endsWith('traceidratio') ? byRatio(ratioOf(env)) : () => name.endsWith('always_on');
  return name.startsWith('parentbased_') ? (traceId, parent) => parent ?? root(traceId) : root;
};
