import { Controller, Get, Inject, Module, ServiceUnavailableException, type DynamicModule, type InjectionToken } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthCheckService, TerminusModule, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import { ProblemException } from './problem-exception.ts';

type Check = () => boolean | Promise<boolean>;

export type HealthOptions = {
  /** Tokens of the room's providers that the checks ask; any module of the application may provide them. */
  inject?: InjectionToken[];
  /** What must work for the room to be of use, by name. */
  // oxlint-disable-next-line typescript/no-explicit-any -- typed where it is written, as Nest's own useFactory
  ready?(...provided: any[]): Record<string, Check>;
};

const HEALTH = Symbol('HEALTH');

const indicator = (name: string, check: Check) => async (): Promise<HealthIndicatorResult> => {
  const up = await Promise.resolve().then(check).catch(() => false);
  return { [name]: { status: up ? 'up' : 'down' } };
};

/** `/health/live`: the process answers. `/health/ready`: what it needs works. */
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(HEALTH) private readonly options: HealthOptions,
  ) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<HealthCheckResult> {
    const { inject = [], ready = () => ({}) } = this.options;
    const checks: Record<string, Check> = ready(...inject.map((token) => this.modules.get<unknown>(token, { strict: false })));
    try {
      return await this.health.check(Object.entries(checks).map(([name, check]) => indicator(name, check)));
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const down = Object.keys((error.getResponse() as HealthCheckResult).error ?? {});
      throw new ProblemException(503, 'not-ready', `Not ready: ${down.join(', ')}.`);
    }
  }
}

@Module({})
class HealthModule {}

/** Health by Terminus for a room: 200 when every check passes, else 503 with a problem that names those that do not. */
export const healthModule = (options: HealthOptions = {}): DynamicModule => ({
  module: HealthModule,
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [{ provide: HEALTH, useValue: options }],
});
