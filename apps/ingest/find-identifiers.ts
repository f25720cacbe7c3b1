import type { Identifier } from '#contract';
import { readIdentifiers } from '#partner-kit';
import type { Integration, ReadBody } from './webhook-stages.ts';

const NONE: readonly Identifier[] = [];

/** The persons that a webhook names, where its integration says that it does. */
export const findIdentifiers = ({ personal }: Integration, body: ReadBody): readonly Identifier[] =>
  personal.length === 0 || body.value === undefined ? NONE : readIdentifiers(personal, body.value);
