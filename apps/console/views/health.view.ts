import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ACCOUNT_HEALTH, type AccountHealth, type Standing } from '../words/describe-standing.ts';

export const HEALTH = ['ok', 'degraded', 'down'] as const;
export type Health = (typeof HEALTH)[number];

/** One part of the hub. */
export class HealthPartView {
  @ApiProperty({ type: String, example: 'relay' })
  name!: string;

  @ApiProperty({ enum: HEALTH })
  status!: Health;

  @ApiProperty({ type: String })
  words!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Events not yet taken; counted up to 10,001.' })
  behind?: number;

  @ApiPropertyOptional({ type: Number, description: 'Age of the oldest of them in seconds.' })
  behindS?: number;
}

/** How one configured account is doing. */
export class IntegrationHealthView implements Standing {
  @ApiProperty({ type: String, example: 'slack' })
  partner!: string;

  @ApiProperty({ type: String, example: 'ops' })
  integration!: string;

  @ApiProperty({ enum: ACCOUNT_HEALTH, description: 'unused: the log says nothing of it. resting: the breaker is open, or the partner asked us to wait. refused: the partner refuses our credentials. failing: nothing has succeeded since its last failure. misconfigured: a connector cannot serve it. unserved: it is sent commands, and no connector runs.' })
  state!: AccountHealth;

  @ApiProperty({ type: String })
  words!: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Since when it is so, as far as it is known.' })
  since?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'When a command of it last succeeded; for an account that is only listened to, when its last webhook came.' })
  lastGoodAt?: string;
}

export class HealthView {
  @ApiProperty({ enum: HEALTH, description: 'The worst of its parts. An integration that is misconfigured or unserved makes it degraded; a partner’s bad day does not.' })
  status!: Health;

  @ApiProperty({ type: String })
  words!: string;

  @ApiProperty({ type: [HealthPartView] })
  parts!: HealthPartView[];

  @ApiProperty({ type: [IntegrationHealthView], description: 'Every configured account that the caller may see, by name; empty while the log is away.' })
  integrations!: IntegrationHealthView[];
}
