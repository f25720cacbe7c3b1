import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Projector } from './open-projector.ts';

export const PROJECTOR = Symbol('PROJECTOR');

/** The projector's door: the log, looked at whenever something was appended. */
@Injectable()
export class LogTailDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(PROJECTOR) private readonly projector: Projector) {}

  onApplicationBootstrap(): void {
    this.projector.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.projector.stop();
  }
}
