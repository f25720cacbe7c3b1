import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { REDRIVE_COMMAND, type FlowFor } from './flows.ts';
import { CommandParams, NoBody } from './queries.ts';
import { RedriveView } from './views/dead-letter.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class RedriveController {
  constructor(@Inject(REDRIVE_COMMAND) private readonly redriveCommand: FlowFor<'redriveCommand'>) {}

  @Post(':commandId/redrive')
  @Scoped('operate')
  @HttpCode(202)
  @ApiOperation({ summary: 'Sends a command that was set aside again, under its own id', operationId: 'redriveCommand' })
  @ApiBody({ type: NoBody, required: false })
  @ApiAcceptedResponse({ type: RedriveView })
  @Problems(400, 404, 409)
  redrive(@By() by: Acting, @Param() { commandId }: CommandParams, @Body() _none?: NoBody): Promise<RedriveView> {
    return this.redriveCommand(by)(commandId);
  }
}
