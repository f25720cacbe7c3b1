import type { LogPosition } from '#contract';
import { sql, type RawBuilder } from 'kysely';
import { beyondPlace, equalTo, ofTenant } from './places.ts';

/** States in which a command waits for a person. */
export const SET_ASIDE = ['dead', 'expired', 'uncertain'] as const;

/** `cause` is the code of the last failure. */
export type DeadLetterFilter = { state?: (typeof SET_ASIDE)[number]; partner?: string; integration?: string; action?: string; route?: string; cause?: string; tenant?: string };

/** The condition for commands that were set aside; the states stand as text, so that Postgres sees that its partial index holds them all. */
export const setAside = ({ state, cause, ...kind }: DeadLetterFilter, before?: LogPosition): RawBuilder<boolean> => sql`
  state in ('dead', 'expired', 'uncertain')
  and ${equalTo({ state, failure_code: cause })}
  and ${beyondPlace(['last_tx', 'last_position'], '<', before)}
  and kind in (
    select id from delivery_kinds
    where ${equalTo({ partner: kind.partner, integration: kind.integration, action: kind.action, route: kind.route })} and ${ofTenant(kind.tenant)}
  )`;
