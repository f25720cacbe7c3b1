import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { REDRIVE_COMMAND, type Flows } from './flows.ts';
import { CommandParams, RedriveBody } from './queries.ts';
import { RedriveView } from './views/dead-letter.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class RedriveController {
  constructor(@Inject(REDRIVE_COMMAND) private readonly redriveCommand: Flows['redriveCommand']) {}

  @Post(':commandId/redrive')
  @HttpCode(202)
  @ApiOperation({ summary: 'Sends a command that was set aside again, under its own id', operationId: 'redriveCommand' })
  @ApiBody({ type: RedriveBody, required: false })
  @ApiAcceptedResponse({ type: RedriveView })
  @Problems(400, 404, 409)
  redrive(@Param() { commandId }: CommandParams, @Body() body?: RedriveBody): Promise<RedriveView> {
    return this.redriveCommand(commandId, body?.by);
  }
}
