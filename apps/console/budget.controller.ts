import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { LIST_BUDGETS, type FlowFor } from './flows.ts';
import { BudgetListView } from './views/budget.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('integrations')
@Controller('v1/budgets')
export class BudgetController {
  constructor(@Inject(LIST_BUDGETS) private readonly listBudgets: FlowFor<'listBudgets'>) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Lists budgets of calls, and how much of each is spent', operationId: 'listBudgets' })
  @ApiOkResponse({ type: BudgetListView })
  @Problems()
  list(@By() by: Acting): Promise<BudgetListView> {
    return this.listBudgets(by)();
  }
}
