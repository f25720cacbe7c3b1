import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { TELL_HEALTH, type FlowFor } from './flows.ts';
import { HealthView } from './views/health.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('health')
@Controller('v1/health')
export class HubHealthController {
  constructor(@Inject(TELL_HEALTH) private readonly tellHealth: FlowFor<'tellHealth'>) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Tells how the hub is doing: the log, and who is behind it', operationId: 'tellHealth' })
  @ApiOkResponse({ type: HealthView })
  @Problems()
  tell(@By() by: Acting): Promise<HealthView> {
    return this.tellHealth(by)();
  }
}
