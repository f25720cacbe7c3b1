// `npm run packages`: what the lockfiles must say of every package. An integrity hash, so that a registry cannot change what is
// installed; no host, so that any registry serves; and a known reason for each package that may run a script when it is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project to look at: this one, or the folder that is named. */
const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const LOCKFILES = ['package-lock.json', 'bench/baselines/package-lock.json'];

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const faultsOf = (path, { integrity, resolved, link }) => {
  if (link) return [];
  const faults = [];
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) faults.push(`${path} has no SHA-512 integrity hash`);
  if (resolved !== undefined) faults.push(`${path} names where it comes from (${resolved}); npm's setting omit-lockfile-registry-resolved leaves that out`);
  return faults;
};

const packagesOf = (lockfile) => Object.entries(readJson(lockfile)?.packages ?? {}).filter(([path]) => path !== '');

const problems = LOCKFILES.flatMap((lockfile) => packagesOf(lockfile).flatMap(([path, entry]) => faultsOf(path, entry)).map((fault) => `${lockfile}: ${fault}.`));

const reasons = readJson('tools/install-scripts.json') ?? {};
const scripted = new Set(LOCKFILES.flatMap(packagesOf).filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path)));
for (const name of scripted) {
  if (!reasons[name]) problems.push(`${name} wants to run a script when it is installed. Read the script, then name the package in tools/install-scripts.json with a reason, and in allowScripts of package.json when it may run.`);
}
for (const name of Object.keys(reasons)) if (!scripted.has(name)) problems.push(`${name} is named in tools/install-scripts.json and has no install script (any more).`);
for (const [name, runs] of Object.entries(readJson('package.json')?.allowScripts ?? {})) {
  if (runs !== (reasons[name]?.startsWith('Runs.') ?? false)) problems.push(`${name}: allowScripts of package.json says ${runs}; the reason in tools/install-scripts.json says otherwise.`);
}

const count = LOCKFILES.reduce((sum, lockfile) => sum + packagesOf(lockfile).length, 0);
if (count === 0) problems.push('No lockfile names a package.');
for (const problem of problems) console.error(problem);
console.log(`${count} packages, ${scripted.size} with an install script, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
