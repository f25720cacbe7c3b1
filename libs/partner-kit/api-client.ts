/** One partner call: what goes out. `url` is absolute or relative to the client's base. */
export type ApiRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** An object goes out as JSON, a string or URLSearchParams as it is. */
  body?: unknown;
};

export type ApiAnswer = { status: number; headers: Record<string, string>; body: unknown };

/**
 * Makes partner calls over one undici pool per origin. Answers with 2xx return; everything else throws `PartnerFailure`,
 * classified by status (429 with its `Retry-After` or reset header, 401/403 `auth`, other 4xx `client`, 5xx and network `transient`).
 */
export type ApiClient = {
  send(request: ApiRequest): Promise<ApiAnswer>;
};
