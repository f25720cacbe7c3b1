import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Relay } from './open-relay.ts';

export const RELAY = Symbol('RELAY');

/** The relay's door: the log, followed in order, and a look at the streams every second. */
@Injectable()
export class LogTailDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(RELAY) private readonly relay: Relay) {}

  onApplicationBootstrap(): Promise<void> {
    return this.relay.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.relay.stop();
  }
}
