import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LIST_COMMANDS, SHOW_COMMAND, type Flows } from './flows.ts';
import { CommandQuery, IdParams } from './queries.ts';
import { CommandDetailView, CommandPage } from './views/command.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('commands')
@Controller('v1/commands')
export class DeliveryController {
  constructor(
    @Inject(LIST_COMMANDS) private readonly listCommands: Flows['listCommands'],
    @Inject(SHOW_COMMAND) private readonly showCommand: Flows['showCommand'],
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists commands that were attempted, by their first outcome, newest first', operationId: 'listCommands' })
  @ApiOkResponse({ type: CommandPage })
  @Problems(400)
  list(@Query() query: CommandQuery): Promise<CommandPage> {
    return this.listCommands(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Shows one command with its attempts', operationId: 'showCommand' })
  @ApiOkResponse({ type: CommandDetailView })
  @Problems(400, 404)
  show(@Param() { id }: IdParams): Promise<CommandDetailView> {
    return this.showCommand(id);
  }
}
