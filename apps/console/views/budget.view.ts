import { ApiProperty } from '@nestjs/swagger';
import { BUDGET_PERIODS } from '#contract';
import type { Budget } from '#read-models';

/** How much of its budget an account has spent. */
export class BudgetView implements Budget {
  @ApiProperty({ type: String, example: 'stripe' })
  partner!: string;

  @ApiProperty({ type: String, example: 'acme' })
  integration!: string;

  @ApiProperty({ type: String, description: 'The same in words.' })
  words!: string;

  @ApiProperty({ type: 'integer', description: 'How many calls are meant to be made.' })
  calls!: number;

  @ApiProperty({ enum: BUDGET_PERIODS, description: 'In which period.' })
  per!: Budget['per'];

  @ApiProperty({ type: 'integer', description: 'Calls made in the period at hand, as far as the projector has read.' })
  spent!: number;

  @ApiProperty({ type: Number, description: 'Spent, of the budget; more than 100 when it is exceeded.' })
  percent!: number;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the period began.' })
  since!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it ends, and counting begins anew.' })
  until!: string;
}

export class BudgetListView {
  @ApiProperty({ type: [BudgetView] })
  items!: BudgetView[];
}
