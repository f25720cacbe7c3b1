import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { LIST_INTEGRATIONS, type FlowFor } from './flows.ts';
import { IntegrationListView } from './views/integration.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('integrations')
@Controller('v1/integrations')
export class IntegrationController {
  constructor(@Inject(LIST_INTEGRATIONS) private readonly listIntegrations: FlowFor<'listIntegrations'>) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Lists accounts, and how each is doing', operationId: 'listIntegrations' })
  @ApiOkResponse({ type: IntegrationListView })
  @Problems()
  list(@By() by: Acting): Promise<IntegrationListView> {
    return this.listIntegrations(by)();
  }
}
