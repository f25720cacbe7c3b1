import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { COMMAND_STATES, type CommandState } from '#contract';
import { CURSOR, PAGE_LIMIT, SET_ASIDE } from '#read-models';
import { IsInstant, readInstant } from './instants.ts';
import { readCorrelationId } from './read-correlation-id.ts';

const NAME = /^[A-Za-z0-9_.-]{1,200}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const named = { message: '$property must be letters, digits, dots, dashes and underscores, at most 200' };

/** States that the list of commands can tell; `running` is known to the ledger alone. */
const LISTED_STATES = COMMAND_STATES.filter((state) => state !== 'running');

/** Which page of a list. */
export class PageQuery {
  @ApiPropertyOptional({ type: String, description: 'The `next` of the page before.', example: '8123.20456' })
  @IsOptional()
  @Matches(CURSOR, { message: 'after must be the `next` of an earlier page' })
  after?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: `limit must be a whole number from 1 to ${PAGE_LIMIT}` })
  @Min(1, { message: `limit must be a whole number from 1 to ${PAGE_LIMIT}` })
  @Max(PAGE_LIMIT, { message: `limit must be a whole number from 1 to ${PAGE_LIMIT}` })
  limit: number = 50;
}

/** Which events. */
export class EventQuery extends PageQuery {
  @ApiPropertyOptional({ type: String, example: 'stripe' })
  @IsOptional()
  @Matches(NAME, named)
  partner?: string;

  @ApiPropertyOptional({ type: String, example: 'acme' })
  @IsOptional()
  @Matches(NAME, named)
  integration?: string;

  @ApiPropertyOptional({ type: String, description: 'The beginning of the type: `command.` finds every outcome.', example: 'inbound.invoice.' })
  @IsOptional()
  @Matches(NAME, named)
  type?: string;

  @ApiPropertyOptional({ type: String, description: 'A correlation id, or the 32 hex digits of the trace id, which are the same.' })
  @IsOptional()
  @Transform(({ value }) => readCorrelationId(value))
  @Matches(UUID, { message: 'correlationId must be a UUID or the 32 hex digits of a trace id' })
  correlationId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Recorded at this instant or later.' })
  @IsOptional()
  @Transform(({ value }) => readInstant(value))
  @IsInstant()
  since?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Recorded before this instant.' })
  @IsOptional()
  @Transform(({ value }) => readInstant(value))
  @IsInstant()
  until?: string;
}

/** Which commands. */
export class CommandQuery extends PageQuery {
  @ApiPropertyOptional({ enum: LISTED_STATES })
  @IsOptional()
  @IsIn(LISTED_STATES)
  state?: CommandState;

  @ApiPropertyOptional({ type: String, example: 'slack' })
  @IsOptional()
  @Matches(NAME, named)
  partner?: string;

  @ApiPropertyOptional({ type: String, example: 'ops' })
  @IsOptional()
  @Matches(NAME, named)
  integration?: string;

  @ApiPropertyOptional({ type: String, example: 'post-message' })
  @IsOptional()
  @Matches(NAME, named)
  action?: string;

  @ApiPropertyOptional({ type: String, example: 'tell-ops' })
  @IsOptional()
  @Matches(NAME, named)
  route?: string;
}

/** Which dead letters, and how they are shown. */
export class DeadLetterQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['cause'], description: 'Groups by cause and place instead of listing; `after` and `limit` then mean nothing.' })
  @IsOptional()
  @IsIn(['cause'])
  groupBy?: 'cause';

  @ApiPropertyOptional({ enum: SET_ASIDE, description: 'All three when not given.' })
  @IsOptional()
  @IsIn(SET_ASIDE)
  state?: (typeof SET_ASIDE)[number];

  @ApiPropertyOptional({ type: String, description: 'The code of the last failure.', example: 'partner-refused' })
  @IsOptional()
  @Matches(NAME, named)
  cause?: string;

  @ApiPropertyOptional({ type: String, example: 'slack' })
  @IsOptional()
  @Matches(NAME, named)
  partner?: string;

  @ApiPropertyOptional({ type: String, example: 'ops' })
  @IsOptional()
  @Matches(NAME, named)
  integration?: string;

  @ApiPropertyOptional({ type: String, example: 'post-message' })
  @IsOptional()
  @Matches(NAME, named)
  action?: string;

  @ApiPropertyOptional({ type: String, example: 'tell-ops' })
  @IsOptional()
  @Matches(NAME, named)
  route?: string;
}

const lowerCase = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** The id of an event or a command. */
export class IdParams {
  @ApiProperty({ type: String, format: 'uuid' })
  @Transform(lowerCase)
  @Matches(UUID, { message: 'id must be a UUID' })
  id!: string;
}

/** The id of a command. */
export class CommandParams {
  @ApiProperty({ type: String, format: 'uuid' })
  @Transform(lowerCase)
  @Matches(UUID, { message: 'commandId must be a UUID' })
  commandId!: string;
}

/** A flow's id. */
export class TimelineParams {
  @ApiProperty({ type: String, description: 'A correlation id, or the 32 hex digits of the trace id, which are the same.' })
  @Transform(({ value }) => readCorrelationId(value))
  @Matches(UUID, { message: 'correlationId must be a UUID or the 32 hex digits of a trace id' })
  correlationId!: string;
}

/** Who asks for a redrive. */
export class RedriveBody {
  @ApiPropertyOptional({ type: String, description: 'Who asks; it goes on record.', default: 'operator', maxLength: 100 })
  @IsOptional()
  @Matches(/^[^\u0000-\u001f]{1,100}$/u, { message: 'by must be a name, at most 100 characters' })
  by?: string;
}
