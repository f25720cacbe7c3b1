import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Settlement } from '#contract';
import type { Delivered } from '#bus';
import type { RouteEvents } from './route-events.flow.ts';

export const ROUTE_EVENTS = Symbol('ROUTE_EVENTS');
export const EVENTS_PATTERN = 'events';

@Controller()
export class EventConsumer {
  constructor(@Inject(ROUTE_EVENTS) private readonly routeEvents: RouteEvents) {}

  @MessagePattern(EVENTS_PATTERN)
  onEvents(@Payload() messages: Delivered[]): Promise<Settlement[]> {
    return this.routeEvents(messages);
  }
}
