import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloads are kept between runs: `$XDG_CACHE_HOME/trunkline`, else `~/.cache/trunkline`. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'trunkline');
