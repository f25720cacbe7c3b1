import { runRoom } from '#boot';
import { ingestConfig } from './ingest.config.ts';
import { startIngest } from './ingest.start.ts';

await runRoom(ingestConfig, startIngest);
