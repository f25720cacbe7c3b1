import { readFile } from 'node:fs/promises';
import { HubError, type Manifest } from '#contract';
import { parseManifest, warnOfSecrets } from '#manifest';
import { partners } from '#partners';
import { assertNoCycles } from '#routing';

/** A manifest that may be applied, and sentences about what had better be otherwise. */
export type ReadManifest = { manifest: Manifest; warnings: string[] };

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new HubError('manifest-missing', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}). Name the file that holds your integrations and routes.`, { cause });
  }
};

/** Reads and checks a manifest file, its partners' actions and its routes for cycles. Throws HubError: `manifest-missing`, `manifest-invalid`, `route-cycle`. */
export const readManifest = async (file: string): Promise<ReadManifest> => {
  const manifest = parseManifest(await readText(file), { partners });
  assertNoCycles(manifest);
  return { manifest, warnings: warnOfSecrets(manifest) };
};
