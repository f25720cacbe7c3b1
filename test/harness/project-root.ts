import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const above = (folder: string): string => (existsSync(join(folder, 'package.json')) ? folder : above(dirname(folder)));

/** The project's folder, seen from the sources as well as from `dist/`. */
export const PROJECT_ROOT = above(import.meta.dirname);
