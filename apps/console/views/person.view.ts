import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Whether somebody wants messages. */
export class SuppressionView {
  @ApiProperty({ enum: ['suppressed', 'allowed'] })
  state!: 'suppressed' | 'allowed';

  @ApiProperty({ type: String, format: 'date-time' })
  since!: string;

  @ApiProperty({ type: String, description: 'Who said so: `event:<id>`, or `key:<id>` or `local:<account>` for an operator.' })
  source!: string;
}

/** A person, without anything that tells who it is. */
export class PersonView {
  @ApiProperty({ type: String, format: 'uuid' })
  subject!: string;

  @ApiProperty({ type: String })
  words!: string;

  @ApiProperty({ type: String })
  tenant!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the hub first heard of them.' })
  since!: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'When they were erased.' })
  erasedAt?: string;

  @ApiProperty({ type: [String], description: 'The kind of each identifier by which they are found.', example: ['customer', 'email'] })
  kinds!: string[];

  @ApiProperty({ type: 'integer', description: 'Events and reports about them.' })
  events!: number;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  first?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  last?: string;

  @ApiProperty({ type: [String], format: 'uuid', description: 'Other persons in the same events, at most 20: perhaps the same one, known apart under another identifier.' })
  others!: string[];

  @ApiPropertyOptional({ type: SuppressionView, description: 'What was said about messages to the identifier that was asked for.' })
  suppression?: SuppressionView;
}

/** What was erased. */
export class ErasedView {
  @ApiProperty({ type: String, format: 'uuid' })
  subject!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;

  @ApiProperty({ type: 'integer', description: 'Identifiers that were forgotten.' })
  identifiers!: number;

  @ApiProperty({ type: Boolean, description: 'Whether the tables were written anew, so that no bytes of the key are left in their files.' })
  scoured!: boolean;

  @ApiProperty({ type: String })
  words!: string;
}

/** Everything about a person, as one document that comes piece by piece. */
export class ExportView {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The person, as `find` has them.' })
  person!: object;

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description: 'Events in the order of the log, each with its `body` as JSON, text or base64 (`encoding`), or `erased`, or why it is `unreadable`.' })
  events!: object[];
}
