import { createRequire } from 'node:module';
import type { Resource } from '@opentelemetry/resources';

/** What every span and metric says about the process: `OTEL_RESOURCE_ATTRIBUTES`, and the service's name. */
export const describeService = (service: string): Resource => {
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = createRequire(import.meta.url)('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  return defaultResource().merge(detectResources({ detectors: [envDetector] })).merge(resourceFromAttributes({ 'service.name': service }));
};
