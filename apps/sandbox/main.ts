import { runRoom } from '#boot';
import { sandboxConfig } from './sandbox.config.ts';
import { startSandbox } from './start-sandbox.ts';

await runRoom(sandboxConfig, startSandbox);
