import { OAUTH_CLIENT_AUTHS, OAUTH_GRANTS } from '#contract';

const text = { type: 'string', minLength: 1 };

/** `oauth` of an integration. */
export const oauthSchema = {
  type: 'object',
  description: 'How an access token is obtained and renewed (OAuth 2.0), for partners whose tokens expire.',
  required: ['tokenUrl', 'grant', 'clientId'],
  properties: {
    tokenUrl: { ...text, description: 'The partner’s token endpoint.' },
    grant: { enum: OAUTH_GRANTS, description: 'client_credentials: the client itself. refresh_token: somebody consented, and `refreshToken` came of it.' },
    clientId: text,
    clientSecret: { ...text, description: 'As a ${vault:name} or ${ENV} reference. Without it the client is a public one.' },
    clientAuth: { enum: OAUTH_CLIENT_AUTHS, default: 'basic', description: 'Where id and secret go: basic, in the Authorization header; form, as fields of the form.' },
    refreshToken: { ...text, description: 'The first one, as a ${vault:name} or ${ENV} reference; later ones are kept in the vault.' },
    scope: { ...text, description: 'Separated by blanks.' },
    audience: { ...text, description: 'For partners that ask which API the token is for.' },
  },
  additionalProperties: false,
};
