import type { PartnerScript, Trouble } from '../partner.suite.ts';

const status = (asked: number, gives: Trouble['gives']): Trouble => ({ title: `a ${asked}`, action: 'send', input: { url: `/status/${asked}`, json: {} }, gives });

const refusedInput = (title: string, input: object): Trouble => ({ title, action: 'send', input, gives: { failureClass: 'client', code: 'input-invalid' } });

/** Any HTTP API in the sandbox. */
export const httpScript: PartnerScript = {
  account: (url) => ({ integration: 'suite', credentials: { authorization: 'Bearer suite-secret-token', apiKey: 'suite-secret-key' }, settings: { baseUrl: `${url}/http` } }),
  inputs: {
    send: () => ({ url: '/private/orders/{{order}}/notes', params: { order: 'a/b' }, query: { notify: true }, headers: { 'x-note': 'about {{order}}' }, json: { text: 'paid' } }),
    'send-once': () => ({ url: '/form', method: 'PATCH', form: { a: 1 } }),
    put: () => ({ url: '/orders/1001', json: { state: 'paid' } }),
    delete: () => ({ url: '/orders/1001' }),
  },
  troubles: [
    status(302, { failureClass: 'client', code: 'partner-refused' }),
    status(401, { failureClass: 'auth', code: 'partner-auth-failed' }),
    status(404, { failureClass: 'client', code: 'partner-refused' }),
    status(408, { failureClass: 'transient', code: 'partner-error' }),
    status(502, { failureClass: 'transient', code: 'partner-error', effectUnknown: true }),
    { title: 'a limit with a time', action: 'send', faults: { failRate: 1, status: 429, retryAfterS: 5 }, gives: { failureClass: 'rate-limit', code: 'partner-rate-limited', retryAfterMs: 5_000 } },
    refusedInput('a URL outside the base', { url: 'http://169.254.169.254/latest/meta-data' }),
    refusedInput('a climb out of the base', { url: '/../stripe/v1/customers' }),
    refusedInput('a value that is missing', { url: '/{{order}}' }),
    refusedInput('a header that is the account\'s', { url: '/x', headers: { Authorization: 'Bearer mine' } }),
    refusedInput('a header of the connection', { url: '/x', headers: { 'Transfer-Encoding': 'chunked' } }),
  ],
  webhooks: [],
};
