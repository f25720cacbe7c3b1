import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { ConsentTail } from './open-consent.ts';

export const CONSENT = Symbol('CONSENT');

/** The keeper's door to what people say about messages: the log, read in order. */
@Injectable()
export class ConsentTailDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(CONSENT) private readonly consent: ConsentTail) {}

  onApplicationBootstrap(): void {
    this.consent.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.consent.stop();
  }
}
