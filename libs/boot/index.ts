export { text, integer, flag, choice, type ConfigField } from './config-fields.ts';
export { defineConfig, loadConfig, describeConfig, printConfig, type ConfigOf, type ConfigSchema } from './config.ts';
export { runRoom, type Room, type StartRoom } from './run-room.ts';
export { createHttpApp, listenOn, type HttpOptions } from './create-http-app.ts';
export { startWorker, type WorkerOptions } from './start-worker.ts';
export { ProblemException } from './problem-exception.ts';
export { healthModule, type HealthOptions } from './health.module.ts';
export { closing } from './closing.ts';
export { untilItWorks } from './until-it-works.ts';
