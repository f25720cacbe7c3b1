import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METRICS } from './catalogue.ts';
import { count, observe, record, scrapeMetrics, set, startMetrics } from './meters.ts';

const linesOf = async (name: string): Promise<string[]> => (await scrapeMetrics())!.split('\n').filter((line) => line.startsWith(name));
const account = { partner: 'slack', integration: 'ops' };

describe('metrics', () => {
  let metrics: ReturnType<typeof startMetrics>;
  beforeEach(() => {
    metrics = startMetrics('test', {});
  });
  afterEach(() => metrics.stop());

  it('tells counters, also those that are known but stand at 0', async () => {
    count(METRICS.deadLetters, { ...account, action: 'post-message' }, 0);
    const line = 'trunkline_connector_dead_letters_total{partner="slack",integration="ops",action="post-message"}';
    expect(await linesOf('trunkline_connector_dead_letters_total')).toEqual([`${line} 0`]);
    count(METRICS.deadLetters, { ...account, action: 'post-message' });
    count(METRICS.deadLetters, { ...account, action: 'post-message' }, 2);
    expect(await linesOf('trunkline_connector_dead_letters_total')).toEqual([`${line} 3`]);
    expect(await linesOf('trunkline_connector_dead_letters_total')).toEqual([`${line} 3`]);
  });

  it('tells a gauge as it stands, and one that is not read any more not at all', async () => {
    set(METRICS.lastSuccess, account, 1_700_000_000.5);
    let depth: number | undefined = 4;
    const stop = observe((put) => {
      if (depth !== undefined) put(METRICS.queueDepth, { ...account, lane: 'high' }, depth);
    });
    expect(await linesOf('trunkline_connector_last_success')).toEqual(['trunkline_connector_last_success_timestamp_seconds{partner="slack",integration="ops"} 1700000000.5']);
    expect(await linesOf('trunkline_queue_depth')).toEqual(['trunkline_queue_depth{partner="slack",integration="ops",lane="high"} 4']);
    depth = undefined;
    expect(await linesOf('trunkline_queue_depth')).toEqual([]);
    expect(await linesOf('trunkline_connector_last_success')).toHaveLength(1);
    stop();
  });

  it('tells histograms by the buckets of the catalogue', async () => {
    record(METRICS.logBatchItems, { operation: 'append' }, 3);
    record(METRICS.logBatchItems, { operation: 'append' }, 400);
    const lines = await linesOf('trunkline_log_batch_items');
    expect(lines).toContain('trunkline_log_batch_items_count{operation="append"} 2');
    expect(lines).toContain('trunkline_log_batch_items_sum{operation="append"} 403');
    expect(lines).toContain('trunkline_log_batch_items_bucket{operation="append",le="5"} 1');
    expect(lines).toContain('trunkline_log_batch_items_bucket{operation="append",le="+Inf"} 2');
    expect(lines.filter((line) => line.includes('_bucket'))).toHaveLength(METRICS.logBatchItems.buckets.length + 1);
  });

  it('says of each metric what it is', async () => {
    record(METRICS.callDuration, { ...account, action: 'post-message', class: 'ok' }, 0.2);
    const text = (await scrapeMetrics())!;
    expect(text).toContain(`# HELP trunkline_connector_call_duration_seconds ${METRICS.callDuration.about}\n`);
    expect(text).toContain('# TYPE trunkline_connector_call_duration_seconds histogram\n');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('tells of the process: memory, processor time, and how late timers run', async () => {
    const [rss] = await linesOf('trunkline_process_memory_bytes{kind="rss"}');
    expect(Number(rss!.split(' ')[1])).toBeGreaterThan(10_000_000);
    const [user] = await linesOf('trunkline_process_cpu_seconds_total{mode="user"}');
    expect(Number(user!.split(' ')[1])).toBeGreaterThan(0);
    // Twice, each time a loop that lets nobody else run: a look begins anew, and the first tick after it only starts the clock.
    for (let i = 0; i < 2; i++) {
      const until = performance.now() + 150;
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const [longest] = await linesOf('trunkline_process_event_loop_delay_seconds{percentile="max"}');
    const seconds = Number(longest!.split(' ')[1]);
    expect(seconds).toBeGreaterThan(0.1);
    expect(seconds).toBeLessThan(5);
  });
});

it('meters a room that never started its telemetry', async () => {
  record(METRICS.logBatchItems, { operation: 'claim' }, 1);
  expect(await linesOf('trunkline_log_batch_items_count{operation="claim"}')).toEqual(['trunkline_log_batch_items_count{operation="claim"} 1']);
});

it.each([{ OTEL_METRICS_EXPORTER: 'none' }, { OTEL_SDK_DISABLED: 'true' }])('keeps, reads and tells nothing under %j', async (switchedOff) => {
  const metrics = startMetrics('test', switchedOff);
  count(METRICS.relayRewinds, { loss: 'lost' });
  let looks = 0;
  observe(() => void looks++);
  record(METRICS.logBatchItems, { operation: 'settle' }, 1);
  expect(await scrapeMetrics()).toBeUndefined();
  await metrics.stop();

  const again = startMetrics('test', {});
  expect([await linesOf('trunkline_relay_rewinds_total'), await linesOf('trunkline_log_batch_items_count{operation="settle"}'), looks]).toEqual([[], [], 0]);
  await again.stop();
});
