import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { EventQuery, IdParams } from './queries.ts';
import { SHOW_EVENT, LIST_EVENTS, type FlowFor } from './flows.ts';
import { EventDetailView, EventPage } from './views/event.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('events')
@Controller('v1/events')
export class EventController {
  constructor(
    @Inject(LIST_EVENTS) private readonly listEvents: FlowFor<'listEvents'>,
    @Inject(SHOW_EVENT) private readonly showEvent: FlowFor<'showEvent'>,
  ) {}

  @Get()
  @Scoped('read')
  @ApiOperation({ summary: 'Lists events, newest first', operationId: 'listEvents' })
  @ApiOkResponse({ type: EventPage })
  @Problems(400)
  list(@By() by: Acting, @Query() query: EventQuery): Promise<EventPage> {
    return this.listEvents(by)(query);
  }

  @Get(':id')
  @Scoped('read')
  @ApiOperation({ summary: 'Shows one event, its body, and what became of it and why', operationId: 'showEvent' })
  @ApiOkResponse({ type: EventDetailView })
  @Problems(400, 404, 410)
  show(@By() by: Acting, @Param() { id }: IdParams): Promise<EventDetailView> {
    return this.showEvent(by)(id);
  }
}
