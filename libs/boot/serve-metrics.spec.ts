import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { startTelemetry } from '#telemetry';
import { serveMetrics } from './serve-metrics.ts';

const ask = async (env: Record<string, string>): Promise<number> => {
  const telemetry = startTelemetry({ room: 'relay', env });
  const server = fastify();
  serveMetrics(server);
  const { statusCode } = await server.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
  await server.close();
  await telemetry.stop();
  return statusCode;
};

it('has no page of metrics while they are switched off', async () => {
  expect([await ask({ OTEL_METRICS_EXPORTER: 'none' }), await ask({ OTEL_METRICS_EXPORTER: 'prometheus' }), await ask({})]).toEqual([404, 200, 200]);
});
