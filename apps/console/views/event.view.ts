import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { COMMAND_STATES, LANES, type CommandState, type Lane } from '#contract';
import type { EventSummary } from '#read-models';
import type { RouteExplanation, Skipped } from '#routing';

/** An event in a list. */
export class EventView implements EventSummary {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, example: 'stripe' })
  partner!: string;

  @ApiProperty({ type: String, example: 'acme' })
  integration!: string;

  @ApiProperty({ type: String, example: 'inbound.invoice.paid' })
  type!: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'The flow that it belongs to; without dashes it is the trace id.' })
  correlationId!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  recordedAt!: string;
}

export class EventPage {
  @ApiProperty({ type: [EventView] })
  items!: EventView[];

  @ApiPropertyOptional({ type: String, description: 'Goes into `after` for the next page; absent on the last.' })
  next?: string;
}

/** A body that is JSON. Numbers beyond what JavaScript holds exactly are rounded here, and only here. */
export class JsonBodyView {
  @ApiProperty({ enum: ['json'] })
  encoding!: 'json';

  @ApiProperty({ description: 'The value.' })
  value!: unknown;

  @ApiProperty({ type: 'integer' })
  bytes!: number;
}

/** Any other body, and JSON that cannot be read. */
export class Base64BodyView {
  @ApiProperty({ enum: ['base64'] })
  encoding!: 'base64';

  @ApiProperty({ type: String, format: 'byte' })
  value!: string;

  @ApiProperty({ type: 'integer' })
  bytes!: number;
}

export class RouteExplanationView implements RouteExplanation {
  @ApiProperty({ type: String })
  route!: string;

  @ApiProperty({ type: String, example: 'stripe.*.inbound.invoice.>' })
  on!: string;

  @ApiProperty({ enum: ['matched', 'subject-differs', 'filter-differs'] })
  outcome!: RouteExplanation['outcome'];

  @ApiProperty({ type: String })
  why!: string;
}

class DefectView {
  @ApiProperty({ type: String })
  code!: string;

  @ApiProperty({ type: String })
  message!: string;
}

/** A command that an event leads to, and how it stands in the ledger; `none` until a connector takes it. */
export class PlannedCommandView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String })
  words!: string;

  @ApiProperty({ type: String })
  route!: string;

  @ApiProperty({ type: String })
  target!: string;

  @ApiProperty({ type: String })
  partner!: string;

  @ApiProperty({ type: String })
  integration!: string;

  @ApiProperty({ type: String })
  action!: string;

  @ApiProperty({ enum: LANES })
  lane!: Lane;

  @ApiProperty({ enum: ['none', ...COMMAND_STATES] })
  state!: CommandState | 'none';

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  nextAttemptAt?: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'As first issued; a redrive gets as much time again.' })
  deadline!: string;

  @ApiPropertyOptional({ type: DefectView, description: 'The event could not be mapped, so no call is made.' })
  defect?: DefectView;
}

export class SkippedView implements Skipped {
  @ApiProperty({ type: String })
  route!: string;

  @ApiProperty({ type: String })
  target!: string;

  @ApiProperty({ enum: ['hop-limit'] })
  reason!: Skipped['reason'];

  @ApiProperty({ type: String })
  message!: string;
}

/** What became of an event, computed again from the routes in force where it stands in the log. */
export class RoutingView {
  @ApiProperty({ type: String })
  words!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'The manifest in force; absent when there was none yet.' })
  manifestVersion?: number;

  @ApiProperty({ type: 'integer', description: 'How many routes there were.' })
  routesInForce!: number;

  @ApiProperty({ type: [RouteExplanationView], description: 'Those that matched first, then those whose filter differs; at most 200.' })
  routes!: RouteExplanationView[];

  @ApiProperty({ type: [PlannedCommandView] })
  commands!: PlannedCommandView[];

  @ApiProperty({ type: [SkippedView] })
  skipped!: SkippedView[];
}

@ApiExtraModels(JsonBodyView, Base64BodyView)
export class EventDetailView extends EventView {
  @ApiProperty({ type: String, description: 'The same flow in a tracing tool.', example: '0198f3a0c1d27c4e8b1f2a3b4c5d6e7f' })
  traceId!: string;

  @ApiProperty({ type: String })
  tenant!: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'The command or event that caused it.' })
  causationId?: string;

  @ApiProperty({ type: String, format: 'date-time' })
  occurredAt!: string;

  @ApiProperty({ type: String, description: 'Where it stands in the log.', example: '8123.20456' })
  sequence!: string;

  @ApiProperty({ type: 'integer' })
  schemaVersion!: number;

  @ApiProperty({ type: String, example: 'application/json' })
  contentType!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  headers!: Record<string, string>;

  @ApiPropertyOptional({ oneOf: [{ $ref: getSchemaPath(JsonBodyView) }, { $ref: getSchemaPath(Base64BodyView) }], description: 'Absent when it was erased, or cannot be opened.' })
  body?: JsonBodyView | Base64BodyView;

  @ApiPropertyOptional({ type: Boolean, description: 'The person whom it was about was erased, and its content with them.' })
  erased?: boolean;

  @ApiPropertyOptional({ type: String, description: 'Why its content cannot be opened now, as when a master key is missing.' })
  unreadable?: string;

  @ApiProperty({ type: RoutingView })
  routing!: RoutingView;
}
