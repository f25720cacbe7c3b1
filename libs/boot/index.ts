export { text, integer, flag, choice, type ConfigField } from './config-fields.ts';
export { defineConfig, loadConfig, describeConfig, printConfig, type ConfigOf, type ConfigSchema } from './config.ts';
export { runRoom, type RunningRoom, type StopSignal } from './run-room.ts';
export { createHttpApp, listen, type HttpOptions } from './create-http-app.ts';
export { ProblemException } from './problem-exception.ts';
export type { BootLogger } from './problem-filter.ts';
export { healthModule, type HealthOptions } from './health.module.ts';
export { closing } from './closing.ts';
export { untilItWorks } from './until-it-works.ts';
