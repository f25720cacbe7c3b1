import { randomBytes, randomUUID } from 'node:crypto';
import type { HashedIdentifier } from './identifier-hash.ts';

/** The identifiers that one event gives. */
export type Naming = { tenant: string; identifiers: HashedIdentifier[] };

/** Subjects to make, and identifiers to attach to them or to known ones. */
export type Newcomers = { subjects: { id: string; tenant: string; key: Buffer }[]; identifiers: (HashedIdentifier & { subject: string })[] };

/** Two values of one kind, such as the authors of a push, are two persons. */
const isOnePerson = (identifiers: readonly HashedIdentifier[]): boolean => new Set(identifiers.map(({ kind }) => kind)).size === identifiers.length;

/**
 * Decides whom unknown identifiers belong to. Where an event names each kind once, all of them are one person: the first known, else a
 * new one. Where it names a kind twice it speaks of several, and each unknown identifier is a person of its own.
 */
export const planSubjects = (namings: readonly Naming[], known: (identifier: HashedIdentifier) => string | undefined): Newcomers => {
  const plan: Newcomers = { subjects: [], identifiers: [] };
  const planned = new Map<string, string>();
  const subjectOf = (identifier: HashedIdentifier): string | undefined => known(identifier) ?? planned.get(identifier.hash.toString('latin1'));
  const make = (tenant: string): string => {
    const id = randomUUID();
    plan.subjects.push({ id, tenant, key: randomBytes(32) });
    return id;
  };
  for (const { tenant, identifiers } of namings) {
    const one = isOnePerson(identifiers);
    let whose = one ? identifiers.map(subjectOf).find((subject) => subject !== undefined) : undefined;
    for (const identifier of identifiers) {
      if (subjectOf(identifier) !== undefined) continue;
      const subject = one ? (whose ??= make(tenant)) : make(tenant);
      plan.identifiers.push({ ...identifier, subject });
      planned.set(identifier.hash.toString('latin1'), subject);
    }
  }
  return plan;
};
