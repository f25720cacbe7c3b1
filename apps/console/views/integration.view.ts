import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { IntegrationStatus } from '#read-models';
import { FailureView } from './command.view.ts';

class CountsView {
  @ApiProperty({ type: 'integer' })
  events!: number;

  @ApiProperty({ type: 'integer', description: 'Webhooks accepted.' })
  received!: number;

  @ApiProperty({ type: 'integer', description: 'Commands that succeeded.' })
  succeeded!: number;

  @ApiProperty({ type: 'integer', description: 'Attempts that were followed by another.' })
  retried!: number;

  @ApiProperty({ type: 'integer', description: 'Commands dead-lettered, later redrives included.' })
  dead!: number;

  @ApiProperty({ type: 'integer' })
  expired!: number;

  @ApiProperty({ type: 'integer' })
  skipped!: number;

  @ApiProperty({ type: 'integer' })
  uncertain!: number;
}

class LastEventView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String })
  type!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;
}

class LastFailureView extends FailureView {
  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;
}

class StatusView implements Omit<IntegrationStatus, 'partner' | 'integration'> {
  @ApiProperty({ type: CountsView })
  counts!: CountsView;

  @ApiProperty({ type: LastEventView })
  lastEvent!: LastEventView;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  lastReceivedAt?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  lastSuccessAt?: string;

  @ApiPropertyOptional({ type: LastFailureView })
  lastFailure?: LastFailureView;
}

class LimitsView {
  @ApiProperty({ type: 'integer' })
  concurrency!: number;

  @ApiProperty({ type: Number })
  perSecond!: number;

  @ApiProperty({ type: 'integer' })
  timeoutMs!: number;
}

/** One account with a partner: what is configured, and what the log says of it. */
export class IntegrationView {
  @ApiProperty({ type: String, example: 'stripe' })
  partner!: string;

  @ApiProperty({ type: String, example: 'acme' })
  integration!: string;

  @ApiProperty({ type: String, description: 'How it is doing, in words.' })
  words!: string;

  @ApiProperty({ type: Boolean, description: 'False when only the log still speaks of it.' })
  configured!: boolean;

  @ApiProperty({ type: Boolean })
  paused!: boolean;

  @ApiProperty({ type: Boolean })
  receivesWebhooks!: boolean;

  @ApiPropertyOptional({ type: String })
  tenant?: string;

  @ApiPropertyOptional({ type: LimitsView })
  limits?: LimitsView;

  @ApiPropertyOptional({ type: StatusView, description: 'Absent until the log says something of it.' })
  status?: StatusView;
}

export class IntegrationListView {
  @ApiProperty({ type: [IntegrationView] })
  items!: IntegrationView[];
}
