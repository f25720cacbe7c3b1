/**
 * What kind of failure a call was, which decides what happens next:
 * `transient` backs off and tries again; `rate-limit` waits as long as the partner says; `auth` refreshes once,
 * then fails the command and pauses the integration; `client` is refused for good; `data` is an answer nobody can read.
 */
export const FAILURE_CLASSES = ['transient', 'rate-limit', 'auth', 'client', 'data'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];
