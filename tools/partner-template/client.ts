import { baseUrl, credential, PartnerFailure, type ApiAnswer, type Call, type Performed } from '#partner-kit';

/** Acme's own error words, where the status alone would mislead; undefined leaves it to the status. */
const judge = (answer: ApiAnswer): PartnerFailure | undefined => {
  const { error } = (answer.body ?? {}) as { error?: { code?: string } };
  if (error?.code !== 'try_again') return undefined;
  return new PartnerFailure('transient', 'partner-error', `Acme answered ${answer.status}: try_again`, { status: answer.status });
};

/** Makes one call and gives back the id of what was made. */
export const postToAcme = async (call: Call, path: string, body: object): Promise<Performed> => {
  const headers = { Authorization: `Bearer ${credential(call.account, 'apiKey')}`, 'Idempotency-Key': call.idempotencyKey };
  const url = `${baseUrl(call.account, 'https://api.acme.example')}/${path}`;
  const answer = await call.http.send({ method: 'POST', url, headers, body, expect: 'json', judge });
  return { status: answer.status, reference: (answer.body as { id?: string } | null)?.id };
};
