import { runRoom } from '#boot';
import { consoleConfig } from './console.config.ts';
import { startConsole } from './start-console.ts';

await runRoom(consoleConfig, startConsole);
