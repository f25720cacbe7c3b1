import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { LIST_DEAD_LETTERS, type FlowFor } from './flows.ts';
import { DeadLetterQuery } from './queries.ts';
import { CommandPage } from './views/command.view.ts';
import { DeadLetterGroupsView } from './views/dead-letter.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('dead letters')
@ApiExtraModels(CommandPage, DeadLetterGroupsView)
@Controller('v1/dead-letters')
export class DeadLetterController {
  constructor(@Inject(LIST_DEAD_LETTERS) private readonly listDeadLetters: FlowFor<'listDeadLetters'>) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Lists commands that wait for a person, or groups them by cause', operationId: 'listDeadLetters' })
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(CommandPage) }, { $ref: getSchemaPath(DeadLetterGroupsView) }] } })
  @Problems(400)
  list(@By() by: Acting, @Query() query: DeadLetterQuery): Promise<CommandPage | DeadLetterGroupsView> {
    return this.listDeadLetters(by)(query);
  }
}
