import { defineConfig, text } from '#boot';
import type { RoleName } from '#event-log';

const passwordOf = (room: string) =>
  text({ env: `DB_PASSWORD_${room.toUpperCase()}`, default: '', secret: true, about: `Password for trunkline_${room}_login. Unset: one is drawn and shown, when the login is made.` });

const fields = {
  trunkline_ingest: passwordOf('ingest'),
  trunkline_relay: passwordOf('relay'),
  trunkline_router: passwordOf('router'),
  trunkline_connector: passwordOf('connector'),
  trunkline_scheduler: passwordOf('scheduler'),
  trunkline_projector: passwordOf('projector'),
  trunkline_console: passwordOf('console'),
  trunkline_keeper: passwordOf('keeper'),
  trunkline_notifier: passwordOf('notifier'),
  trunkline_operator: passwordOf('operator'),
} satisfies Record<RoleName, unknown>;

/** What `trunkline logins create` goes by, for each room's role. */
export const loginsConfig = defineConfig('logins', fields);
