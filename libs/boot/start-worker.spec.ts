import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload, Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { HubError } from '#contract';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { afterEach, expect, it } from 'vitest';
import { healthModule } from './health.module.ts';
import type { Room } from './run-room.ts';
import { startWorker } from './start-worker.ts';

const OUTAGE = new HubError('log-unavailable', 'The log is away.');

/** A transport that delivers what the test hands it. */
class HandDelivery extends Server implements CustomTransportStrategy {
  listening = false;
  listen(callback: () => void): void {
    this.listening = true;
    callback();
  }
  close(): void {
    this.listening = false;
  }
  on(): void {}
  unwrap<T>(): T {
    return this as never;
  }
  async deliver(pattern: string, data: unknown): Promise<unknown> {
    const answer = await this.getHandlerByPattern(pattern)!(data);
    return lastValueFrom(from(answer as Observable<unknown>), { defaultValue: undefined });
  }
}

const TRANSPORT = Symbol('TRANSPORT');
const transport = new HandDelivery();

@Controller()
class Consumer {
  @MessagePattern('tea')
  async drink(@Payload() _tea: unknown): Promise<void> {
    throw OUTAGE;
  }
}

@Module({ imports: [healthModule({ inject: [TRANSPORT], ready: (it: HandDelivery) => ({ transport: () => it.listening }) })], controllers: [Consumer], providers: [{ provide: TRANSPORT, useValue: transport }] })
class WorkerModule {}

let room: Room;
afterEach(() => room?.stop());

it('starts the transport, tells its health, hands a consumer\'s error to it as it is, and stops telemetry last', async () => {
  const ended: string[] = [];
  room = await startWorker({
    module: { module: WorkerModule },
    transport: TRANSPORT,
    health: { port: 0, env: 'WORKER_HEALTH_PORT' },
    telemetry: { stop: async () => void ended.push(`telemetry, transport ${transport.listening ? 'open' : 'closed'}`) },
  });
  expect((await fetch(`${room.url}/health/ready`)).status).toBe(200);
  await expect(transport.deliver('tea', {})).rejects.toBe(OUTAGE);
  await room.stop();
  expect(ended).toEqual(['telemetry, transport closed']);
});
