import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

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

export class HealthView {
  @ApiProperty({ enum: HEALTH, description: 'The worst of its parts.' })
  status!: Health;

  @ApiProperty({ type: String })
  words!: string;

  @ApiProperty({ type: [HealthPartView] })
  parts!: HealthPartView[];
}
