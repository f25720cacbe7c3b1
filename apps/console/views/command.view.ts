import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { COMMAND_OUTCOMES, COMMAND_STATES, FAILURE_CLASSES, LANES, type CommandOutcome, type CommandState, type FailureClass, type Lane } from '#contract';
import type { AnswerView as Answer, AttemptView as Attempt, CommandView as Command, FailureView as Failure } from '#read-models';

/** Why a call did not succeed. */
export class FailureView implements Failure {
  @ApiProperty({ enum: FAILURE_CLASSES })
  class!: FailureClass;

  @ApiProperty({ type: String, example: 'partner-timeout' })
  code!: string;

  @ApiProperty({ type: String })
  message!: string;
}

/** What the partner answered. */
export class AnswerView implements Answer {
  @ApiPropertyOptional({ type: 'integer', example: 200 })
  status?: number;

  @ApiPropertyOptional({ type: String, description: 'The partner’s own id of what was made.' })
  reference?: string;
}

/** Where a command stands. */
export class CommandView implements Command {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, description: 'Where it stands, in words.' })
  words!: string;

  @ApiProperty({ type: String, example: 'slack' })
  partner!: string;

  @ApiProperty({ type: String, example: 'ops' })
  integration!: string;

  @ApiProperty({ type: String, example: 'post-message' })
  action!: string;

  @ApiProperty({ type: String })
  route!: string;

  @ApiProperty({ type: String })
  target!: string;

  @ApiProperty({ enum: LANES })
  lane!: Lane;

  @ApiProperty({ type: String })
  tenant!: string;

  @ApiProperty({ enum: COMMAND_STATES })
  state!: CommandState;

  @ApiProperty({ type: 'integer', description: 'Claims ever made, redrives included.' })
  attempts!: number;

  @ApiProperty({ type: 'integer', description: 'How often an operator sent it again.' })
  redrives!: number;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'The event that led to it.' })
  eventId?: string;

  @ApiProperty({ type: String, format: 'uuid' })
  correlationId!: string;

  @ApiPropertyOptional({ type: AnswerView })
  answer?: AnswerView;

  @ApiPropertyOptional({ type: FailureView, description: 'The last there was, also when it succeeded after it.' })
  failure?: FailureView;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'While it waits for another attempt.' })
  nextAttemptAt?: string;

  @ApiPropertyOptional({ type: Number, description: 'How long the last attempt took.' })
  durationMs?: number;

  @ApiProperty({ type: String, format: 'date-time' })
  firstAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  lastAt!: string;
}

/** What one attempt came to. */
export class AttemptView implements Attempt {
  @ApiProperty({ type: 'integer', description: 'Counts on through redrives.' })
  attempt!: number;

  @ApiProperty({ type: 'integer', description: '0 until an operator sent the command again.' })
  redrive!: number;

  @ApiProperty({ enum: COMMAND_OUTCOMES })
  outcome!: CommandOutcome;

  @ApiProperty({ type: String })
  words!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;

  @ApiProperty({ type: Number })
  durationMs!: number;

  @ApiPropertyOptional({ type: AnswerView })
  answer?: AnswerView;

  @ApiPropertyOptional({ type: FailureView })
  failure?: FailureView;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  nextAttemptAt?: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The event that records it.' })
  eventId!: string;
}

export class CommandDetailView extends CommandView {
  @ApiProperty({ type: [AttemptView], description: 'Oldest first; the last 200.' })
  attemptsMade!: AttemptView[];
}

export class CommandPage {
  @ApiProperty({ type: [CommandView] })
  items!: CommandView[];

  @ApiPropertyOptional({ type: String, description: 'Goes into `after` for the next page; absent on the last.' })
  next?: string;
}
