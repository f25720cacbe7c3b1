import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SCOPES, type Scope } from '#contract';
import type { ApiKey } from '#vault';

/** An API key, without its secret. */
export class KeyView implements ApiKey {
  @ApiProperty({ type: String, description: 'The part of the key between its underscores.', example: '7Kd2mQx9RtB' })
  id!: string;

  @ApiProperty({ type: String, example: 'reports' })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: Scope[];

  @ApiPropertyOptional({ type: String, description: 'Absent: all tenants.' })
  tenant?: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, description: 'Who made it: `key:<id>`, or `local:<account>` for the command line.' })
  createdBy!: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  expiresAt?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  revokedAt?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'To the minute; absent until it was used.' })
  lastUsedAt?: string;
}

export class KeyListView {
  @ApiProperty({ type: [KeyView], description: 'Newest first, revoked and expired ones included; at most 1,000.' })
  items!: KeyView[];
}

export class NewKeyView {
  @ApiProperty({ type: KeyView })
  key!: KeyView;

  @ApiProperty({ type: String, description: 'The key itself. It is shown only here: nobody can find it out again.' })
  text!: string;
}
