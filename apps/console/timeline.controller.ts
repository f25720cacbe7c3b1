import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Acting } from '#contract';
import { By, Scoped } from './access.ts';
import { TELL_TIMELINE, type FlowFor } from './flows.ts';
import { PageQuery, TimelineParams } from './queries.ts';
import { Problems } from './views/problem.view.ts';
import { TimelineView } from './views/timeline.view.ts';

@ApiTags('timelines')
@Controller('v1/timelines')
export class TimelineController {
  constructor(@Inject(TELL_TIMELINE) private readonly tellTimeline: FlowFor<'tellTimeline'>) {}

  @Get(':correlationId')
  @Scoped('read')
  @ApiOperation({ summary: 'Tells one flow in order: every event, command and attempt', operationId: 'tellTimeline' })
  @ApiOkResponse({ type: TimelineView })
  @Problems(400, 404)
  tell(@By() by: Acting, @Param() { correlationId }: TimelineParams, @Query() page: PageQuery): Promise<TimelineView> {
    return this.tellTimeline(by)(correlationId, page);
  }
}
