import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { HubError } from '#contract';

/** Seals what is kept at rest. One key is active; the others only open what was sealed before. */
export type MasterKeys = {
  /** The id of the key that seals. */
  activeId: string;
  /** Whether a key of this id is there. */
  has(id: string): boolean;
  /** AES-256-GCM under the active key. `context` says what it is (`secret:stripe`), and must be given again to open it. */
  seal(plain: Uint8Array, context: string): Buffer;
  /** Throws `sealed-unreadable` when it was sealed with a key that is not there, for another context, or was changed. */
  open(sealed: Uint8Array, context: string): Buffer;
};

const FORM = /^([a-z0-9][a-z0-9-]{0,31}):([A-Za-z0-9+/]{43}=)$/;
const HELP = 'It holds one or more keys as <id>:<32 bytes in base64>, separated by commas, the one to seal with first. Make one: trunkline vault new-key';

/** An envelope: version (1 byte), length of the key's id (1), the id, nonce (12), cipher text, tag (16). */
const [VERSION, NONCE_BYTES, TAG_BYTES] = [1, 12, 16];

const invalid = (what: string): HubError => new HubError('config-invalid', `MASTER_KEYS ${what}. ${HELP}`);
const unreadable = (why: string): HubError => new HubError('sealed-unreadable', `Something sealed cannot be opened: ${why}.`);

const readKeys = (text: string): Map<string, KeyObject> => {
  const keys = new Map<string, KeyObject>();
  for (const [index, item] of text.split(/[\s,]+/).filter(Boolean).entries()) {
    const [, id, key] = FORM.exec(item) ?? [];
    if (id === undefined || key === undefined) throw invalid(`is not readable at its key number ${index + 1}`);
    if (keys.has(id)) throw invalid(`names the key ${id} twice`);
    keys.set(id, createSecretKey(key, 'base64'));
  }
  return keys;
};

const idAt = (sealed: Uint8Array): string => {
  if (sealed[0] !== VERSION || sealed.length < 2 + sealed[1]! + NONCE_BYTES + TAG_BYTES) throw unreadable('it is no envelope of this version');
  return Buffer.from(sealed.subarray(2, 2 + sealed[1]!)).toString('latin1');
};

/** The id of the key that something was sealed with. Throws `sealed-unreadable` when it is no envelope. */
export const masterKeyIdOf = (sealed: Uint8Array): string => idAt(sealed);

const seal = (id: string, key: KeyObject, plain: Uint8Array, context: string): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.from([VERSION, id.length]), Buffer.from(id), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

const open = (key: KeyObject, sealed: Uint8Array, context: string): Buffer => {
  const start = 2 + sealed[1]!;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(start, start + NONCE_BYTES)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(start + NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw unreadable('it was changed, or is not what it is taken for');
  }
};

/** Reads the setting `MASTER_KEYS`: `<id>:<base64>`, several separated by commas or white space, the active one first. Throws `config-invalid`. */
export const openMasterKeys = (text: string): MasterKeys => {
  const keys = readKeys(text);
  const [first] = keys;
  if (first === undefined) throw invalid('has no key');
  const [activeId, activeKey] = first;
  return {
    activeId,
    has: (id) => keys.has(id),
    seal: (plain, context) => seal(activeId, activeKey, plain, context),
    open: (sealed, context) => {
      const id = idAt(sealed);
      const key = keys.get(id);
      if (key === undefined) throw unreadable(`it was sealed with the master key ${id}, which MASTER_KEYS does not hold`);
      return open(key, sealed, context);
    },
  };
};

/** Draws a master key, as MASTER_KEYS takes it; its id is the day and four random letters. */
export const drawMasterKey = (now: Date): string => {
  const letters = Array.from(randomBytes(4), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `k${now.toISOString().slice(0, 10).replaceAll('-', '')}-${letters}:${randomBytes(32).toString('base64')}`;
};
