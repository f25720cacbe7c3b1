import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { WebhookDoor, WebhookHttpRequest } from './webhook-door.ts';

export const WEBHOOK_DOOR = Symbol('WebhookDoor');

/** Where partners send to. Every method comes here, so that the wrong ones are answered with 405. */
@Controller('webhooks')
export class WebhookController {
  constructor(@Inject(WEBHOOK_DOOR) private readonly door: WebhookDoor) {}

  @All(':partner/:integration')
  receive(@Req() request: WebhookHttpRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.door.receive(request, reply);
  }
}
