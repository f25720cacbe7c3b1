import type { OpenCommand, SealedCommand } from '#contract';
import type { Subject } from './held-keys.ts';
import { openBytes, sealBytes } from './seal-bytes.ts';

/** In a report it stands as base64, and a report must fit into one message of the bus. */
const LARGEST_INPUT = 1_400_000;

const TOO_LARGE = { code: 'mapping-failed', message: `The mapped input is larger than the ${LARGEST_INPUT} bytes that a command about a person may have. Send less.` };

const about = (command: { id: string }): string => `command ${command.id}`;

/** The same command with its input sealed for these subjects. One that is too large gets a defect, and no input. */
export const sealCommand = ({ input, ...facts }: OpenCommand, subjects: readonly Subject[]): SealedCommand => {
  const plain = Buffer.from(JSON.stringify(input ?? null));
  const fits = plain.length <= LARGEST_INPUT;
  const sealed = sealBytes(subjects.map(({ key }) => key), fits ? plain : Buffer.from('null'), about(facts));
  return { ...facts, ...(!fits && { defect: TOO_LARGE }), sealed: { subjects: subjects.map(({ id }) => id), input: sealed.toString('base64') } };
};

/** The command as it was before it was sealed. Throws `sealed-unreadable`. */
export const openCommand = ({ sealed, ...facts }: SealedCommand, keys: readonly Buffer[]): OpenCommand => ({
  ...facts,
  input: JSON.parse(openBytes(keys, Buffer.from(sealed.input, 'base64'), about(facts)).toString('utf8')),
});
