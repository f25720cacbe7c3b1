import type { OnApplicationShutdown } from '@nestjs/common';

/** Gives a provider that Nest closes when the room stops, after the doors have been shut. */
export const closing = <T extends object>(resource: T, close: (resource: T) => unknown): T & OnApplicationShutdown =>
  Object.assign(resource, { onApplicationShutdown: async () => void (await close(resource)) });
