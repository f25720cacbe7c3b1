import type { PartnerFailure } from './partner-failure.ts';

/** One partner call: what goes out. `url` is absolute or relative to the client's base. */
export type ApiRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** An object goes out as JSON, URLSearchParams as a form, a string as it is. */
  body?: unknown;
  /** How a success must read: `json` makes anything else a `data` failure. Without it the answer's own content type decides. */
  expect?: 'json' | 'text';
  /** Reads the partner's own error words in any answer; what it returns is thrown. With `undefined` the status decides. */
  judge?(answer: ApiAnswer): PartnerFailure | undefined;
};

/** Header names are lower-case. `body` is the parsed value of a JSON answer, else its text. */
export type ApiAnswer = { status: number; headers: Record<string, string>; body: unknown };

/**
 * Makes partner calls over one undici pool per origin. Answers with 2xx return; everything else throws `PartnerFailure`,
 * classified by status (429 with its `Retry-After` or reset header, 401/403 `auth`, other 4xx `client`, 5xx and network `transient`).
 */
export type ApiClient = {
  send(request: ApiRequest): Promise<ApiAnswer>;
};
