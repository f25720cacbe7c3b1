/** Every stable code that a program may switch on. Each has a paragraph in docs/errors.md. */
export const ERROR_CODES = [
  // ingest
  'unknown-partner', 'unknown-integration', 'paused', 'secret-missing', 'signature-refused', 'stale-timestamp', 'too-large',
  'unsupported-media-type', 'malformed', 'rate-limited', 'address-refused', 'log-unavailable',
  // HTTP in general
  'not-found', 'method-not-allowed', 'validation-failed', 'internal', 'not-redrivable', 'request-timeout', 'not-ready', 'query-too-slow',
  // access
  'unauthenticated', 'forbidden', 'audit-broken', 'sealed-unreadable',
  // the log and the bus
  'version-conflict', 'log-restored', 'event-dropped', 'bus-unavailable', 'bus-refused', 'queue-full', 'queue-passed-over',
  // configuration
  'config-invalid', 'manifest-invalid', 'manifest-missing', 'route-cycle', 'migration-missing', 'role-refused', 'port-taken', 'server-missing', 'folder-in-use', 'notice-failed',
  // commands
  'mapping-failed', 'input-invalid', 'unknown-action', 'unknown-account', 'expired', 'uncertain', 'attempts-exhausted', 'erased', 'suppressed',
  'partner-unreachable', 'partner-timeout', 'partner-error', 'partner-refused', 'partner-rate-limited', 'partner-auth-failed', 'partner-answer-unreadable',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
