import { Body, Controller, Delete, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { LIST_SECRETS, REMOVE_SECRET, SET_SECRET, type FlowFor } from './flows.ts';
import { SecretBody, SecretParams } from './queries.ts';
import { Problems } from './views/problem.view.ts';
import { SecretListView, SecretView } from './views/secret.view.ts';

@ApiTags('secrets')
@Controller('v1/secrets')
export class SecretController {
  constructor(
    @Inject(LIST_SECRETS) private readonly listSecrets: FlowFor<'listSecrets'>,
    @Inject(SET_SECRET) private readonly setSecret: FlowFor<'setSecret'>,
    @Inject(REMOVE_SECRET) private readonly removeSecret: FlowFor<'removeSecret'>,
  ) {}

  @Get()
  @Scoped('admin')
  @ApiOperation({ summary: 'Lists stored secrets, without their values', operationId: 'listSecrets' })
  @ApiOkResponse({ type: SecretListView })
  @Problems()
  list(@By() by: Acting): Promise<SecretListView> {
    return this.listSecrets(by)();
  }

  @Put(':secretName')
  @Scoped('admin')
  @ApiOperation({ summary: 'Stores a secret, or gives it another value', operationId: 'setSecret' })
  @ApiOkResponse({ type: SecretView })
  @Problems(400)
  set(@By() by: Acting, @Param() { secretName }: SecretParams, @Body() { value }: SecretBody): Promise<SecretView> {
    return this.setSecret(by)(secretName, value);
  }

  @Delete(':secretName')
  @Scoped('admin')
  @ApiOperation({ summary: 'Removes a stored secret; whoever refers to it is not served any more', operationId: 'removeSecret' })
  @ApiOkResponse({ type: SecretView })
  @Problems(400, 404)
  remove(@By() by: Acting, @Param() { secretName }: SecretParams): Promise<SecretView> {
    return this.removeSecret(by)(secretName);
  }
}
