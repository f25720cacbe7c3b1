import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { COMMAND_OUTCOMES, COMMAND_STATES, type CommandOutcome, type CommandState } from '#contract';
import { AnswerView, FailureView } from './command.view.ts';

export const STEP_KINDS = ['event', 'command', 'attempt'] as const;

/** One step of a flow: a fact, a command that followed from it, or what an attempt at a command came to. */
export class TimelineStepView {
  @ApiProperty({ enum: STEP_KINDS })
  kind!: (typeof STEP_KINDS)[number];

  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;

  @ApiProperty({ type: String, description: 'What happened, in words.' })
  words!: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The event itself, or the one that a command followed from.' })
  eventId!: string;

  @ApiProperty({ type: String })
  partner!: string;

  @ApiProperty({ type: String })
  integration!: string;

  @ApiPropertyOptional({ type: Boolean, description: 'The person whom it was about was erased, and its content with them.' })
  erased?: true;

  @ApiPropertyOptional({ type: String, description: 'Why its content cannot be opened now, as when a master key is missing.' })
  unreadable?: string;

  @ApiPropertyOptional({ type: String, description: 'With events and attempts.' })
  type?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'With commands and attempts.' })
  commandId?: string;

  @ApiPropertyOptional({ type: String })
  action?: string;

  @ApiPropertyOptional({ type: String })
  route?: string;

  @ApiPropertyOptional({ type: String })
  target?: string;

  @ApiPropertyOptional({ enum: ['none', ...COMMAND_STATES], description: 'With commands: how it stands now.' })
  state?: CommandState | 'none';

  @ApiPropertyOptional({ type: 'integer', description: 'With attempts.' })
  attempt?: number;

  @ApiPropertyOptional({ enum: COMMAND_OUTCOMES })
  outcome?: CommandOutcome;

  @ApiPropertyOptional({ type: Number })
  durationMs?: number;

  @ApiPropertyOptional({ type: AnswerView })
  answer?: AnswerView;

  @ApiPropertyOptional({ type: FailureView })
  failure?: FailureView;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  nextAttemptAt?: string;
}

export class TimelineView {
  @ApiProperty({ type: String, format: 'uuid' })
  correlationId!: string;

  @ApiProperty({ type: String, description: 'The correlation id without its dashes: what goes into the search of Jaeger, Tempo and the like.' })
  traceId!: string;

  @ApiPropertyOptional({ type: String, format: 'uri', description: 'The trace to look at; only where `TRACE_UI_URL` is set.' })
  traceUrl?: string;

  @ApiProperty({ type: [TimelineStepView], description: 'Oldest first.' })
  items!: TimelineStepView[];

  @ApiPropertyOptional({ type: String, description: 'Goes into `after` for what came next; absent on the last page.' })
  next?: string;
}
