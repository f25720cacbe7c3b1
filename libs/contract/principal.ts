/**
 * What a caller may do. `read` sees, `operate` also sends again and the like, `admin` also hands out keys; each includes the one
 * before it. `publish` puts events in and stands alone.
 */
export const SCOPES = ['read', 'operate', 'admin', 'publish'] as const;
export type Scope = (typeof SCOPES)[number];

const INCLUDED: Record<Scope, readonly Scope[]> = {
  read: ['read'],
  operate: ['operate', 'read'],
  admin: ['admin', 'operate', 'read'],
  publish: ['publish'],
};

/**
 * Who acts, however it was found out: the holder of an API key, or whoever runs the command line with the database's own password
 * (`local`), or a room that does what the manifest says (`room`). `tenant` undefined means all of them; it is never left out, so that nobody gets all by an oversight.
 */
export type Principal = {
  kind: 'key' | 'local' | 'room';
  id: string;
  name: string;
  tenant: string | undefined;
  scopes: readonly Scope[];
};

/** Whether a principal has a scope, by itself or within a wider one. */
export const allows = (principal: Pick<Principal, 'scopes'>, scope: Scope): boolean => principal.scopes.some((held) => INCLUDED[held].includes(scope));

/** Who acts, and from where: a network address, or the name of the machine on which the command line ran. */
export type Acting = { who: Principal; from: string };
