import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IsInt, validate } from 'class-validator';
import { expect, it } from 'vitest';

const GREETING = Symbol('GREETING');

@Injectable()
class Greeter {
  constructor(@Inject(GREETING) readonly greeting: string) {}
}

@Module({ providers: [{ provide: GREETING, useValue: 'hello' }, Greeter] })
class GreeterModule {}

class Page {
  @IsInt() limit: number = 10;
}

it('compiles the decorators that Nest injects by', async () => {
  const app = await NestFactory.createApplicationContext(GreeterModule, { logger: false });
  expect(app.get(Greeter).greeting).toBe('hello');
  await app.close();
});

it('keeps the types of decorated fields as metadata', async () => {
  expect(Reflect.getMetadata('design:type', Page.prototype, 'limit')).toBe(Number);
  expect(await validate(Object.assign(new Page(), { limit: 'ten' }))).toHaveLength(1);
});
