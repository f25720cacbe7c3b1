/**
 * Everything that can become of a request to ingest. The response's `cause`, the log line and the metric share these words.
 * `status` is the HTTP status that goes with it; a handshake's body is the partner's own.
 */
export const INGEST_OUTCOMES = {
  accepted: 202,
  duplicate: 200,
  handshake: 200,
  'unknown-partner': 404,
  'unknown-integration': 404,
  paused: 503,
  'address-refused': 403,
  'secret-missing': 503,
  'signature-refused': 401,
  'stale-timestamp': 401,
  'too-large': 413,
  'unsupported-media-type': 415,
  malformed: 400,
  'rate-limited': 429,
  'log-unavailable': 503,
} as const;

export type IngestOutcome = keyof typeof INGEST_OUTCOMES;
