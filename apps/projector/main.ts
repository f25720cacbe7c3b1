import { runRoom } from '#boot';
import { projectorConfig } from './projector.config.ts';
import { startProjector } from './start-projector.ts';

await runRoom(projectorConfig, startProjector);
