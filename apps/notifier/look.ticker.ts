import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Notifier } from './open-notifier.ts';

export const NOTIFIER = Symbol('NOTIFIER');

/** The notifier's door: the clock. */
@Injectable()
export class LookTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(NOTIFIER) private readonly notifier: Notifier) {}

  onApplicationBootstrap(): void {
    this.notifier.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.notifier.stop();
  }
}
