/** Why a signature did not hold; each is also an ingest outcome. */
export type SignatureRefusal = 'signature-refused' | 'stale-timestamp' | 'malformed' | 'secret-missing';

/** What became of a signature. `why` is a sentence for the log and the answer; it never holds a secret or a signature. */
export type SignatureVerdict = { ok: true } | { ok: false; outcome: SignatureRefusal; why: string };

export const VERIFIED: SignatureVerdict = Object.freeze({ ok: true });

export const refused = (outcome: SignatureRefusal, why: string): SignatureVerdict & { ok: false } => ({ ok: false, outcome, why });
