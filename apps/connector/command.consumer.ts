import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { commandFromMessage, type Settlement } from '#contract';
import type { Delivered } from '#bus';
import type { CarryOutCommand } from './carry-out-command.flow.ts';

export const CARRY_OUT_COMMAND = Symbol('CARRY_OUT_COMMAND');
export const COMMANDS_PATTERN = 'commands';

@Controller()
export class CommandConsumer {
  constructor(@Inject(CARRY_OUT_COMMAND) private readonly carryOut: CarryOutCommand) {}

  @MessagePattern(COMMANDS_PATTERN)
  onCommands(@Payload() messages: Delivered[]): Promise<Settlement[]> {
    return Promise.all(messages.map((message) => this.carryOut(commandFromMessage(message))));
  }
}
