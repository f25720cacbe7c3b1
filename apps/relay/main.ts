import { runRoom } from '#boot';
import { relayConfig } from './relay.config.ts';
import { startRelay } from './relay.start.ts';

await runRoom(relayConfig, startRelay);
