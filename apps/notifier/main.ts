import { runRoom } from '#boot';
import { notifierConfig } from './notifier.config.ts';
import { startNotifier } from './notifier.start.ts';

await runRoom(notifierConfig, startNotifier);
