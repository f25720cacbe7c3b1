import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { LIST_COMMANDS, SHOW_COMMAND, type FlowFor } from './flows.ts';
import { CommandQuery, IdParams } from './queries.ts';
import { CommandDetailView, CommandPage } from './views/command.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('commands')
@Controller('v1/commands')
export class DeliveryController {
  constructor(
    @Inject(LIST_COMMANDS) private readonly listCommands: FlowFor<'listCommands'>,
    @Inject(SHOW_COMMAND) private readonly showCommand: FlowFor<'showCommand'>,
  ) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Lists commands that were attempted, by their first outcome, newest first', operationId: 'listCommands' })
  @ApiOkResponse({ type: CommandPage })
  @Problems(400)
  list(@By() by: Acting, @Query() query: CommandQuery): Promise<CommandPage> {
    return this.listCommands(by)(query);
  }

  @Get(':id')
  @Scoped('read')
  @ApiOperation({ summary: 'Shows one command with its attempts', operationId: 'showCommand' })
  @ApiOkResponse({ type: CommandDetailView })
  @Problems(400, 404)
  show(@By() by: Acting, @Param() { id }: IdParams): Promise<CommandDetailView> {
    return this.showCommand(by)(id);
  }
}
