import { runRoom } from '#boot';
import { keeperConfig } from './keeper.config.ts';
import { startKeeper } from './keeper.start.ts';

await runRoom(keeperConfig, startKeeper);
