import type { Manifest } from '#contract';
import type { ManifestProblem, Path } from './problem-list.ts';

const MAX_BYTES = 1024 * 1024;

/** YAML can write numbers that JSON cannot. */
const strangeNumbers = (value: unknown, path: Path): ManifestProblem[] => {
  if (typeof value === 'number' && !Number.isFinite(value)) return [{ path, message: `${value} is no number that can be kept` }];
  if (Array.isArray(value)) return value.flatMap((item, at) => strangeNumbers(item, [...path, at]));
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, member]) => strangeNumbers(member, [...path, name])) : [];
};

/** A manifest is one event on the log, as JSON, and no larger than any other event may be. */
export const checkSize = (manifest: Manifest): ManifestProblem[] => {
  const bytes = Buffer.byteLength(JSON.stringify(manifest));
  const tooLarge = bytes > MAX_BYTES ? [{ path: [], message: `the manifest takes ${bytes} bytes as JSON, and may take ${MAX_BYTES}; use wider routes` }] : [];
  return [...tooLarge, ...strangeNumbers(manifest, [])];
};
