import { HubError } from '#contract';
import type { Environment } from './exports-signal.ts';

/** What a room reads about traces beside OpenTelemetry's own variables. docs/config.md is made of this list, too. */
export const TRACE_SETTINGS = {
  slowSpanMs: { env: 'TRACE_SLOW_SPAN_MS', default: 2_000, unit: 'ms', about: 'A span that took this long is kept, whatever the sampler says.' },
  slowFlowMs: { env: 'TRACE_SLOW_FLOW_MS', default: 10_000, unit: 'ms', about: 'A span that ends this long after its event was recorded is kept, whatever the sampler says.' },
  heldSpans: { env: 'TRACE_HELD_SPANS', default: 5_000, unit: 'spans', about: 'Spans outside the sample that a process remembers, in case a later one of their trace fails or is slow. One takes about half a kilobyte. Ingest in a process of its own makes one span per flow, and remembers none unless this is set.' },
} as const;

export type TraceSettings = Record<keyof typeof TRACE_SETTINGS, number>;

/** What the environment says, else `defaults`, else the list's own. Throws `config-invalid` with everything that is wrong. */
export const readTraceSettings = (env: Environment, defaults: Partial<TraceSettings> = {}): TraceSettings => {
  const problems: string[] = [];
  const values = Object.entries(TRACE_SETTINGS).map(([name, { env: variable, default: fallback, about }]) => {
    const text = env[variable]?.trim();
    if (text !== undefined && text !== '' && !/^\d{1,12}$/.test(text)) problems.push(`${variable} must be a whole number from 0, and is "${text}": ${about}`);
    return [name, text ? Number(text) : (defaults[name as keyof TraceSettings] ?? fallback)];
  });
  if (problems.length > 0) throw new HubError('config-invalid', problems.join('\n'));
  return Object.fromEntries(values) as TraceSettings;
};
