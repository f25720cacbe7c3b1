import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DeadLetterGroup, DeadLetterGroups } from '#read-models';

class DeadLetterExample {
  @ApiProperty({ type: String, format: 'uuid' })
  commandId!: string;

  @ApiPropertyOptional({ type: String })
  message?: string;
}

export class DeadLetterGroupView implements DeadLetterGroup {
  @ApiProperty({ type: String, example: 'partner-refused' })
  cause!: string;

  @ApiProperty({ type: String })
  partner!: string;

  @ApiProperty({ type: String })
  integration!: string;

  @ApiProperty({ type: String })
  action!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  oldestAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  newestAt!: string;

  @ApiProperty({ type: DeadLetterExample, description: 'The newest of them.' })
  example!: DeadLetterExample;
}

/** The answer to `groupBy=cause`. */
export class DeadLetterGroupsView implements DeadLetterGroups {
  @ApiProperty({ type: [DeadLetterGroupView], description: 'The most frequent first; at most 200.' })
  groups!: DeadLetterGroupView[];

  @ApiProperty({ type: Boolean, description: 'False when only the newest 10,000 dead letters, or the 200 largest groups, are counted here.' })
  complete!: boolean;
}

export class RedriveView {
  @ApiProperty({ type: String, format: 'uuid' })
  commandId!: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The event that records who asked.' })
  eventId!: string;

  @ApiProperty({ type: String, format: 'uuid' })
  correlationId!: string;

  @ApiProperty({ type: 'integer', description: 'How often this command was sent again, this time included.' })
  redrive!: number;

  @ApiProperty({ type: String })
  words!: string;
}
