import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { CREATE_KEY, LIST_KEYS, REVOKE_KEY, type FlowFor } from './flows.ts';
import { KeyBody, KeyParams, NoBody } from './queries.ts';
import { KeyListView, KeyView, NewKeyView } from './views/key.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('keys')
@Controller('v1/keys')
export class KeyController {
  constructor(
    @Inject(LIST_KEYS) private readonly listKeys: FlowFor<'listKeys'>,
    @Inject(CREATE_KEY) private readonly createKey: FlowFor<'createKey'>,
    @Inject(REVOKE_KEY) private readonly revokeKey: FlowFor<'revokeKey'>,
  ) {}

  @Get()
  @Scoped('admin')
  @ApiOperation({ summary: 'Lists API keys, without their secrets', operationId: 'listKeys' })
  @ApiOkResponse({ type: KeyListView })
  @Problems()
  list(@By() by: Acting): Promise<KeyListView> {
    return this.listKeys(by)();
  }

  @Post()
  @Scoped('admin')
  @ApiOperation({ summary: 'Makes an API key and shows it once', operationId: 'createKey' })
  @ApiCreatedResponse({ type: NewKeyView })
  @Problems(400)
  create(@By() by: Acting, @Body() order: KeyBody): Promise<NewKeyView> {
    return this.createKey(by)(order);
  }

  @Post(':keyId/revoke')
  @HttpCode(200)
  @Scoped('admin')
  @ApiOperation({ summary: 'Makes an API key useless, for good', operationId: 'revokeKey' })
  @ApiBody({ type: NoBody, required: false })
  @ApiOkResponse({ type: KeyView })
  @Problems(400, 404)
  revoke(@By() by: Acting, @Param() { keyId }: KeyParams, @Body() _none?: NoBody): Promise<KeyView> {
    return this.revokeKey(by)(keyId);
  }
}
