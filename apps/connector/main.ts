import { runRoom } from '#boot';
import { connectorConfig } from './connector.config.ts';
import { startConnector } from './connector.start.ts';

await runRoom(connectorConfig, startConnector);
