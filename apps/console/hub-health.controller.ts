import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TELL_HEALTH, type Flows } from './flows.ts';
import { HealthView } from './views/health.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('health')
@Controller('v1/health')
export class HubHealthController {
  constructor(@Inject(TELL_HEALTH) private readonly tellHealth: Flows['tellHealth']) {}

  @Get()
  @ApiOperation({ summary: 'Tells how the hub is doing: the log, and who is behind it', operationId: 'tellHealth' })
  @ApiOkResponse({ type: HealthView })
  @Problems()
  tell(): Promise<HealthView> {
    return this.tellHealth();
  }
}
