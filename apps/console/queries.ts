import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { COMMAND_STATES, SCOPES, type CommandState, type Scope } from '#contract';
import { CURSOR, PAGE_LIMIT, SET_ASIDE } from '#read-models';
import { LONGEST_SECRET, SECRET_NAME } from '#vault';
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

/** For what takes no fields: a body that has some is refused, so that nobody believes they were heeded. */
export class NoBody {}

/** The public part of an API key. */
export class KeyParams {
  @ApiProperty({ type: String, example: '7Kd2mQx9RtB' })
  @Matches(/^[1-9A-HJ-NP-Za-km-z]{11}$/, { message: 'keyId must be the part of a key between its underscores' })
  keyId!: string;
}

/** What a new key shall be. */
export class KeyBody {
  @ApiProperty({ type: String, description: 'Whose it is, so that its use can be told from others.', maxLength: 100, example: 'reports' })
  @Matches(/^[^\u0000-\u001f\u007f]{1,100}$/u, { message: 'name must be 1 to 100 characters' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, description: '`admin` includes `operate`, which includes `read`; `publish` stands alone.' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @ApiPropertyOptional({ type: String, description: 'Good for this tenant alone; without it, for all of them. Not with `admin`.', example: 'north' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'tenant must be lower-case letters, digits and dashes, at most 40' })
  tenant?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Useless from then on; without it, good until it is revoked.' })
  @IsOptional()
  @Transform(({ value }) => readInstant(value))
  @IsInstant()
  expiresAt?: string;
}

/** The name of a stored secret. */
export class SecretParams {
  @ApiProperty({ type: String, example: 'stripe-webhook' })
  @Matches(SECRET_NAME, { message: 'secretName must be lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit, at most 64' })
  secretName!: string;
}

/** What a secret shall be from now on. */
export class SecretBody {
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_SECRET, writeOnly: true, description: 'It is sealed, and never comes out again.' })
  @IsString({ message: 'value must be a text' })
  @MinLength(1, { message: 'value must not be empty' })
  @MaxLength(LONGEST_SECRET, { message: `value must have at most ${LONGEST_SECRET} characters` })
  value!: string;
}
