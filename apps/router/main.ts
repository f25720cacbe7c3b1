import { runRoom } from '#boot';
import { routerConfig } from './router.config.ts';
import { startRouter } from './router.start.ts';

await runRoom(routerConfig, startRouter);
