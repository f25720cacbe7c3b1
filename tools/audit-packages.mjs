// `npm run audit`: asks the registry for advisories about what runs in production. Fails on severe ones, not on a registry that has none to give.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judgeAudit } from './judge-audit.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], { cwd: ROOT, encoding: 'utf8', timeout: 120_000, shell: process.platform === 'win32' });
const { words, bad } = judgeAudit(stdout || JSON.stringify({ message: error?.message }));
console.log(`Dependency audit: ${words}`);
process.exitCode = bad ? 1 : 0;
