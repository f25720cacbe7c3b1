import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Chore } from './open-chore.ts';

export const RETENTION = Symbol('RETENTION');

/** The keeper's door to the log's age: the clock. */
@Injectable()
export class RetentionTicker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(RETENTION) private readonly retention: Chore) {}

  onApplicationBootstrap(): void {
    this.retention.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.retention.stop();
  }
}
