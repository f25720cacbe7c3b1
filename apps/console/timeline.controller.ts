import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TELL_TIMELINE, type Flows } from './flows.ts';
import { PageQuery, TimelineParams } from './queries.ts';
import { Problems } from './views/problem.view.ts';
import { TimelineView } from './views/timeline.view.ts';

@ApiTags('timelines')
@Controller('v1/timelines')
export class TimelineController {
  constructor(@Inject(TELL_TIMELINE) private readonly tellTimeline: Flows['tellTimeline']) {}

  @Get(':correlationId')
  @ApiOperation({ summary: 'Tells one flow in order: every event, command and attempt', operationId: 'tellTimeline' })
  @ApiOkResponse({ type: TimelineView })
  @Problems(400, 404)
  tell(@Param() { correlationId }: TimelineParams, @Query() page: PageQuery): Promise<TimelineView> {
    return this.tellTimeline(correlationId, page);
  }
}
