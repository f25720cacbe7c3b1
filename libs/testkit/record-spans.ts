import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { startTelemetry } from '#telemetry';

export type RecordedSpans = {
  /** What has ended so far under this name, in that order. */
  named(name: string): ReadableSpan[];
  stop(): Promise<void>;
};

/** Switches tracing on in this process, and keeps every span. Before a room is started in it, which would switch it on by itself. */
export const recordSpans = (): RecordedSpans => {
  const exporter = new InMemorySpanExporter();
  const telemetry = startTelemetry({ room: 'test', env: {}, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { named: (name) => exporter.getFinishedSpans().filter((span) => span.name === name), stop: telemetry.stop };
};
