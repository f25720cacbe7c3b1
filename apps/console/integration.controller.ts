import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LIST_INTEGRATIONS, type Flows } from './flows.ts';
import { IntegrationListView } from './views/integration.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('integrations')
@Controller('v1/integrations')
export class IntegrationController {
  constructor(@Inject(LIST_INTEGRATIONS) private readonly listIntegrations: Flows['listIntegrations']) {}

  @Get()
  @ApiOperation({ summary: 'Lists accounts, and how each is doing', operationId: 'listIntegrations' })
  @ApiOkResponse({ type: IntegrationListView })
  @Problems()
  list(): Promise<IntegrationListView> {
    return this.listIntegrations();
  }
}
