import { Controller, Get, Inject, NotFoundException, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { OutcomeKeeper, OutcomeReport } from './keep-outcomes.ts';
import { isLocal } from './is-local.ts';

export const OUTCOMES = Symbol('OutcomeKeeper');

/** What was refused lately and why. Only for this machine: partners reach the same port. */
@Controller('refusals')
export class RefusalController {
  constructor(@Inject(OUTCOMES) private readonly outcomes: OutcomeKeeper) {}

  @Get()
  report(@Req() request: FastifyRequest): OutcomeReport {
    if (!isLocal(request)) throw new NotFoundException();
    return this.outcomes.report();
  }
}
