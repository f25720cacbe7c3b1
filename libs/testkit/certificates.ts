import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files. */
export type Certified = { cert: string; key: string };

export type Authority = {
  /** Path of its own certificate. */
  ca: string;
  /** A certificate for this name, good for 127.0.0.1 where `isServer`. */
  certify(name: string, isServer?: boolean): Promise<Certified>;
};

/** An authority of its own in `dir`, by the machine's `openssl`. Its certificates are good for a day. */
export const makeAuthority = async (dir: string, name: string): Promise<Authority> => {
  const file = (what: string): string => join(dir, `${name}-${what}`);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir });
  const [ca, caKey] = [file('ca.crt'), file('ca.key')];
  await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', `/CN=${name}`, '-keyout', caKey, '-out', ca);
  return {
    ca,
    certify: async (subject, isServer = false) => {
      const [cert, key, request, extensions] = [file(`${subject}.crt`), file(`${subject}.key`), file(`${subject}.csr`), file(`${subject}.ext`)];
      await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', `/CN=${subject}`, '-keyout', key, '-out', request);
      await writeFile(extensions, isServer ? 'subjectAltName=IP:127.0.0.1' : 'extendedKeyUsage=clientAuth');
      // A number of its own: a file of numbers would be written by several at once.
      await openssl('x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-set_serial', `0x1${randomBytes(8).toString('hex')}`, '-days', '1', '-extfile', extensions, '-out', cert);
      return { cert, key };
    },
  };
};

/** What stands in a PEM file, as a setting takes it. */
export const pemOf = (path: string): Promise<string> => readFile(path, 'utf8');
