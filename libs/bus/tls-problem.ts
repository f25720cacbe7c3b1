const codeOf = (error: unknown): string => {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? '' : codeOf(cause);
};

/** Node's names for a certificate that it does not accept, and OpenSSL's for an end that does not accept ours. */
const UNTRUSTED = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_SIGNATURE_FAILURE']);

/** What is wrong with an encrypted connection, in words and with what to do; undefined when something else is. */
export const tlsProblem = (error: unknown): string | undefined => {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : '';
  if (UNTRUSTED.has(code)) return `its certificate was not signed by an authority that NATS_TLS_CA names (${code}).`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is for another host (${code}). Use the host that it names in NATS_URL.`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return `its certificate is not valid now (${code}).`;
  if (/^ERR_(SSL|OSSL)/.test(code) || /certificate required|bad certificate|unknown ca/i.test(words)) return `${words || code}. If the server asks for a certificate, set NATS_TLS_CERT and NATS_TLS_KEY.`;
  if (/does not support 'tls'/.test(words)) return 'the server offers no TLS, and NATS_TLS_CA or tls:// asks for it.';
  return undefined;
};
