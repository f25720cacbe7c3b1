import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventQuery, IdParams } from './queries.ts';
import { SHOW_EVENT, LIST_EVENTS, type Flows } from './flows.ts';
import { EventDetailView, EventPage } from './views/event.view.ts';
import { Problems } from './views/problem.view.ts';

@ApiTags('events')
@Controller('v1/events')
export class EventController {
  constructor(
    @Inject(LIST_EVENTS) private readonly listEvents: Flows['listEvents'],
    @Inject(SHOW_EVENT) private readonly showEvent: Flows['showEvent'],
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists events, newest first', operationId: 'listEvents' })
  @ApiOkResponse({ type: EventPage })
  @Problems(400)
  list(@Query() query: EventQuery): Promise<EventPage> {
    return this.listEvents(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Shows one event, its body, and what became of it and why', operationId: 'showEvent' })
  @ApiOkResponse({ type: EventDetailView })
  @Problems(400, 404)
  show(@Param() { id }: IdParams): Promise<EventDetailView> {
    return this.showEvent(id);
  }
}
