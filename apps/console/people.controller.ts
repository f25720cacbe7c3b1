import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Post, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { DECIDE_SUPPRESSION, ERASE_PERSON, EXPORT_PERSON, FIND_PERSON, type FlowFor } from './flows.ts';
import { IdentifierBody, PersonBody } from './people.queries.ts';
import { ErasedView, ExportView, PersonView, SuppressionView } from './views/person.view.ts';
import { Problems } from './views/problem.view.ts';

/** Identifiers come in bodies alone: URLs end up in logs. */
@ApiTags('people')
@Controller('v1/people')
export class PeopleController {
  constructor(
    @Inject(FIND_PERSON) private readonly findPerson: FlowFor<'findPerson'>,
    @Inject(EXPORT_PERSON) private readonly exportPerson: FlowFor<'exportPerson'>,
    @Inject(ERASE_PERSON) private readonly erasePerson: FlowFor<'erasePerson'>,
    @Inject(DECIDE_SUPPRESSION) private readonly decideSuppression: FlowFor<'decideSuppression'>,
  ) {}

  @Post('find')
  @HttpCode(200)
  @Scoped('admin')
  @ApiOperation({ summary: 'Finds a person by any identifier, and says how much is known of them', operationId: 'findPerson' })
  @ApiOkResponse({ type: PersonView })
  @Problems(400, 404)
  find(@By() by: Acting, @Body() body: PersonBody): Promise<PersonView> {
    return this.findPerson(by)(body);
  }

  @Post('export')
  @HttpCode(200)
  @Scoped('admin')
  @ApiOperation({ summary: 'Hands out every event and report about a person, with their bodies', operationId: 'exportPerson' })
  @ApiOkResponse({ type: ExportView })
  @Problems(400, 404)
  async export(@By() by: Acting, @Body() body: PersonBody): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.exportPerson(by)(body), { objectMode: false }), { type: 'application/json; charset=utf-8' });
  }

  @Post('erase')
  @HttpCode(200)
  @Scoped('admin')
  @ApiOperation({ summary: 'Erases a person, for good: nothing that is about them can be read any more', operationId: 'erasePerson' })
  @ApiOkResponse({ type: ErasedView })
  @Problems(400, 404)
  erase(@By() by: Acting, @Body() body: PersonBody): Promise<ErasedView> {
    return this.erasePerson(by)(body);
  }

  @Post('suppress')
  @HttpCode(200)
  @Scoped('operate')
  @ApiOperation({ summary: 'Sends nothing to this recipient any more', operationId: 'suppressRecipient' })
  @ApiOkResponse({ type: SuppressionView })
  @Problems(400)
  suppress(@By() by: Acting, @Body() body: IdentifierBody): Promise<SuppressionView> {
    return this.decideSuppression(by)(body, 'suppressed');
  }

  @Post('allow')
  @HttpCode(200)
  @Scoped('operate')
  @ApiOperation({ summary: 'Lets messages to this recipient out again', operationId: 'allowRecipient' })
  @ApiOkResponse({ type: SuppressionView })
  @Problems(400)
  allow(@By() by: Acting, @Body() body: IdentifierBody): Promise<SuppressionView> {
    return this.decideSuppression(by)(body, 'allowed');
  }
}
