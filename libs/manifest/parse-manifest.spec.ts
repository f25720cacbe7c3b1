import { describe, expect, it } from 'vitest';
import { ManifestError, parseManifest, type LocatedProblem } from './parse-manifest.ts';

const partners = {
  stripe: { actions: { 'create-customer': {} }, webhooks: {}, needs: { credentials: { apiKey: '' }, settings: { baseUrl: '' } } },
  slack: { actions: { 'post-message': {} }, webhooks: {}, needs: { credentials: { botToken: '' }, settings: { channel: '' } } },
  http: { actions: { send: {} }, oauth: { credential: 'authorization' }, needs: { credentials: { authorization: '' }, settings: { baseUrl: '' } } },
};

const problemsOf = (yaml: string): LocatedProblem[] => {
  try {
    parseManifest(yaml, { partners });
    return [];
  } catch (error) {
    return [...(error as ManifestError).problems];
  }
};

const shown = (yaml: string): string[] => problemsOf(yaml).map(({ line, path, message }) => `${line} ${path}: ${message}`);

const oauth = (partner: string, more: string): string => `version: 1\nintegrations: [{ partner: ${partner}, name: a, oauth: { tokenUrl: 'https://x/token', clientId: me, ${more} } }]`;

const accounts = `version: 1
integrations:
  - { partner: stripe, name: acme }
  - { partner: slack, name: ops }
`;
const route = (text: string): string => `${accounts}routes:
  - name: paid
    on: stripe.acme.inbound.invoice.paid
    ${text}`;

describe('a manifest', () => {
  it('keeps where persons are named and who says what about messages, and tells what is wrong with it', () => {
    const personal = (text: string): string => `version: 1\nintegrations: [{ partner: stripe, name: acme, personal: ${text} }]`;
    for (const good of ['false', '{ add: [{ kind: email, path: a.b }] }', '{ only: [{ kind: customer, path: id, prefix: cus_ }] }']) expect(shown(personal(good)), good).toEqual([]);
    expect(parseManifest(personal('false')).integrations[0]!.personal).toBe(false);
    expect(shown(personal('true'))).toEqual(['2 integrations[0].personal: must be false, not true']);
    expect(shown(personal('{}'))).toEqual(['2 integrations[0].personal: needs one of add, only']);
    expect(shown(personal('{ add: [{ kind: E-Mail, path: a }] }'))[0]).toContain('"E-Mail" does not fit: email and phone mean the same person');

    const consent = (text: string): string => `${accounts}consent:\n  - { name: out, identifier: { kind: email, path: email }, ${text} }`;
    expect(parseManifest(consent('on: slack.ops.inbound.>, means: suppress')).consent).toEqual([{ name: 'out', identifier: { kind: 'email', path: 'email' }, on: 'slack.ops.inbound.>', means: 'suppress' }]);
    expect(shown(consent('on: slack.oops.inbound.>, means: suppress'))[0]).toContain("there is no integration 'slack.oops'");
    expect(shown(consent('on: slack.ops.inbound.>, means: allow, when: { body: { $no: 1 } }'))[0]).toContain('consent[0].when');
    expect(shown(`${consent('on: slack.ops.inbound.>, means: suppress')}\n  - { name: out, identifier: { kind: email, path: email }, on: slack.ops.>, means: allow }`)[0]).toContain("'out' is there twice");
  });

  it('comes out complete, whatever was left to its default', () => {
    const manifest = parseManifest(`
version: 1
integrations:
  - partner: stripe
    name: acme
    webhook: { secrets: ['\${STRIPE_SECRET}'] }
    credentials: { apiKey: '\${STRIPE_KEY}' }
  - partner: http
    name: warehouse
    tenant: north
    paused: true
    settings: { baseUrl: 'https://w.example', }
    limits: { perSecond: 2.5 }
    budget: { calls: 500 }
routes:
  - name: paid
    on: stripe.acme.inbound.invoice.paid
    when: { body.amount: { $gt: 0 } }
    to:
      - { name: tell, do: http.warehouse.send }
      - { name: late, do: http.warehouse.send, with: '{ "a": 1 }', lane: high, deadline: 90s }
`, { partners });
    expect(manifest).toEqual({
      version: 1,
      integrations: [
        { partner: 'stripe', name: 'acme', tenant: 'default', paused: false, webhook: { secrets: ['${STRIPE_SECRET}'] }, credentials: { apiKey: '${STRIPE_KEY}' }, settings: {}, limits: { concurrency: 8, perSecond: 0, timeoutMs: 10_000 } },
        { partner: 'http', name: 'warehouse', tenant: 'north', paused: true, credentials: {}, settings: { baseUrl: 'https://w.example' }, limits: { concurrency: 8, perSecond: 2.5, timeoutMs: 10_000 }, budget: { calls: 500, per: 'day' } },
      ],
      routes: [{
        name: 'paid', on: 'stripe.acme.inbound.invoice.paid', when: { 'body.amount': { $gt: 0 } },
        to: [
          { name: 'tell', do: 'http.warehouse.send', lane: 'normal', deadlineMs: 86_400_000 },
          { name: 'late', do: 'http.warehouse.send', with: '{ "a": 1 }', lane: 'high', deadlineMs: 90_000 },
        ],
      }],
    });
  });

  it('may be empty but for its version', () => {
    expect(parseManifest('version: 1')).toEqual({ version: 1, integrations: [], routes: [] });
  });

  it('takes numbers and truths as settings', () => {
    const { integrations } = parseManifest('version: 1\nintegrations: [{ partner: slack, name: ops, settings: { channel: 12 } }]', { partners });
    expect(integrations[0]!.settings).toEqual({ channel: '12' });
  });

  it('may declare how any sender signs', () => {
    const declare = (signature: string): string[] => shown(`version: 1
integrations:
  - partner: http
    name: shop
    webhook:
      secrets: ['\${S}']
      signature: ${signature}
      identity: { by: fields, paths: [id, version] }
      name: { parts: [{ header: x-topic }, { word: seen }] }
`);
    expect(declare('{ kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-sig }, signed: "{body}" }')).toEqual([]);
    expect(declare('{ kind: shared-secret, in: query, parameter: token }')).toEqual([]);
    expect(declare('{ kind: hmac, algorithm: md5, encoding: hex, signature: { header: X-Sig }, signed: "{body}" }')).toEqual([
      '7 integrations[0].webhook.signature.algorithm: must be one of sha1, sha256, sha512, not "md5"',
      '7 integrations[0].webhook.signature.signature.header: "X-Sig" does not fit: A header name in lower case.',
    ]);
    expect(declare('{ kind: shared-secret, in: header, parameter: x }')).toEqual([
      "7 integrations[0].webhook.signature: needs 'header'",
      '7 integrations[0].webhook.signature.parameter: is not known here; there is kind, in, header',
    ]);
  });
});

describe('a manifest is refused', () => {
  it('with every problem, its line, and what to do', () => {
    const yaml = `version: 1
integrations:
  - partner: stripe
    name: acme
routes:
  - name: paid
    on: stripe.acm.inbound.invoice.paid
    to:
      - name: tell
        do: slack.ops.post-message
      - name: tell
        do: stripe.acme.create-custommer
        with: '{ "a": '
`;
    expect(() => parseManifest(yaml, { partners })).toThrow(expect.objectContaining({
      code: 'manifest-invalid',
      message: `The manifest has 5 problems:
  line 7, routes[0].on: there is no integration 'stripe.acm'; did you mean 'stripe.acme'?
  line 10, routes[0].to[0].do: there is no integration 'slack.ops'; there is stripe.acme
  line 11, routes[0].to[1].name: 'tell' is there twice; names are unique
  line 12, routes[0].to[1].do: stripe cannot 'create-custommer'; did you mean 'create-customer'?
  line 13, routes[0].to[1].with: is not JSONata: Expected "}" before end of expression (at character 7)
Nothing was applied. Correct the file and try again.`,
    }));
  });

  it.each<[string, string, string[]]>([
    ['when it is empty', '', ['1 : the file is empty']],
    ['when it is not YAML', 'version: [1', ['1 : Flow sequence in block collection must be sufficiently indented and end with a ]']],
    ['when a key is there twice', 'version: 1\nversion: 1', ['2 : Map keys must be unique']],
    ['when a second document follows', 'version: 1\n---\nversion: 1', ['2 : a second document begins here; one file holds one manifest']],
    ['when it is of another version', 'version: 2', ['1 version: must be 1, not 2']],
    ['when a word is unknown', 'version: 1\nrotues: []', ["2 rotues: is not known here; did you mean 'routes'?"]],
    ['when a name is not a name', 'version: 1\nintegrations:\n  - partner: stripe\n    name: Acme_1', ['4 integrations[0].name: "Acme_1" does not fit: Unique per partner. Lower-case letters, digits and dashes, at most 40.']],
    ['when something has the wrong kind', 'version: 1\nroutes: {}', ['2 routes: must be a list, not an object']],
    ['when something is missing', 'version: 1\nintegrations: [{ partner: stripe }]', ["2 integrations[0]: needs 'name'"]],
    ['when a partner is unknown', 'version: 1\nintegrations: [{ partner: strip, name: a }]', ["2 integrations[0].partner: there is no partner 'strip'; did you mean 'stripe'?"]],
    ['when a partner has no such prototype', 'version: 1\nintegrations: [{ partner: constructor, name: a }]', ["2 integrations[0].partner: there is no partner 'constructor'; there is stripe, slack, http"]],
    ['when it names the hub as a partner', 'version: 1\nintegrations: [{ partner: trunkline, name: hub }]', ["2 integrations[0].partner: 'trunkline' is the hub itself; name a partner", "2 integrations[0].partner: there is no partner 'trunkline'; there is stripe, slack, http"]],
    ['when a credential is unknown', 'version: 1\nintegrations: [{ partner: stripe, name: a, credentials: { apikey: x } }]', ["2 integrations[0].credentials.apikey: is not known here; did you mean 'apiKey'?"]],
    ['when an account is there twice', 'version: 1\nintegrations:\n  - { partner: stripe, name: a }\n  - { partner: slack, name: a }\n  - { partner: stripe, name: a }', ["5 integrations[2].name: 'stripe.a' is there twice; names are unique"]],
    ['when a partner sends nothing', 'version: 1\nintegrations: [{ partner: http, name: a, webhook: { secrets: ["${S}"] } }]', ["2 integrations[0].webhook: http sends no webhooks; use a 'generic' integration, or declare the signature here"]],
    ['when an address cannot be one', 'version: 1\nintegrations: [{ partner: stripe, name: a, webhook: { secrets: ["${S}"], allowFrom: [10.0.0.0/8, 10.0.0.0/40] } }]', ["2 integrations[0].webhook.allowFrom[1]: '10.0.0.0/40' is neither an address nor a range; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32"]],
    ['when a list of addresses lets nobody in', 'version: 1\nintegrations: [{ partner: stripe, name: a, webhook: { secrets: ["${S}"], allowFrom: [] } }]', ['2 integrations[0].webhook.allowFrom: needs at least 1']],
    ['when nothing can be verified', 'version: 1\nintegrations: [{ partner: stripe, name: a, webhook: {} }]', ['2 integrations[0].webhook.secrets: needs at least one, unless the signature is { kind: none }']],
    ['when a reference is broken', 'version: 1\nintegrations: [{ partner: stripe, name: a, credentials: { apiKey: "${MY-KEY}" } }]', ['2 integrations[0].credentials.apiKey: holds a reference that cannot be read; write ${NAME}, ${vault:name} or either with a default as in ${NAME:-default}, and $${ for a plain ${']],
    ['when tokens have no place to go', oauth('slack', 'grant: client_credentials, clientSecret: "${S}"'), ['2 integrations[0].oauth: slack takes no access tokens; give it its credentials as they are']],
    ['when the token and a credential would be in each other\'s way', `${oauth('http', 'grant: client_credentials, clientSecret: "${S}"').replace('oauth:', 'credentials: { authorization: "${A}" }, oauth:')}`, ['2 integrations[0].credentials.authorization: is what the access token of `oauth` becomes; leave it out']],
    ['when a grant lacks what it is made of', oauth('http', 'grant: refresh_token'), ["2 integrations[0].oauth: needs 'refreshToken', which the partner gave when somebody consented"]],
    ['when a grant is given too much', oauth('http', 'grant: client_credentials, clientSecret: "${S}", refreshToken: "${R}"'), ['2 integrations[0].oauth.refreshToken: goes with the grant refresh_token; leave it out']],
    ['when a client would have to be believed', oauth('http', 'grant: client_credentials'), ["2 integrations[0].oauth: needs 'clientSecret': with client_credentials the client shows that it is itself"]],
    ['when a reference of `oauth` is broken', oauth('http', 'grant: client_credentials, clientSecret: "${vault:No}"'), ['2 integrations[0].oauth.clientSecret: holds a reference that cannot be read; write ${NAME}, ${vault:name} or either with a default as in ${NAME:-default}, and $${ for a plain ${']],
    ['when a filter is wrong', route('when: { body.a: { $gtt: 1 } }\n    to: [{ name: a, do: slack.ops.post-message }]'), ['8 routes[0].when: body.a.$gtt is not an operator; there are $eq $ne $in $nin $gt $gte $lt $lte $prefix $suffix $regex $exists $and $or $not']],
    ['when a lane is unknown', route('to: [{ name: a, do: slack.ops.post-message, lane: hihg }]'), ["8 routes[0].to[0].lane: must be one of high, normal, low, not \"hihg\"; did you mean 'high'?"]],
    ['when a deadline is no duration', route('to: [{ name: a, do: slack.ops.post-message, deadline: soon }]'), ['8 routes[0].to[0].deadline: "soon" does not fit: How long the command may wait before it expires: a number with ms, s, m, h or d; at most 30d.']],
    ['when a deadline is too long', route('to: [{ name: a, do: slack.ops.post-message, deadline: 31d }]'), ['8 routes[0].to[0].deadline: may be 30d at most']],
    ['when an action is not written in full', route('to: [{ name: a, do: slack.post-message }]'), ["8 routes[0].to[0].do: 'slack.post-message' must be <partner>.<integration>.<action>"]],
    ['when a route goes nowhere', route('to: []'), ['8 routes[0].to: needs at least 1']],
    ['when a retention is too short', 'version: 1\nretention: { inbound: 90d, command: 6d, ids: 1d }', ['2 retention.command: must be 7d or more, not 6d: the bus may hand out again what is younger', '2 retention.ids: must be 7d or more, not 1d: the bus may hand out again what is younger']],
    ['when the hub’s own record should go', 'version: 1\nretention: { operator: 90d }', ['2 retention.operator: is not known here; there is inbound, command, sync, resource, integration, schedule, ids']],
    ['when a retention is no number of days', 'version: 1\nretention: { inbound: 48h }', ['2 retention.inbound: "48h" does not fit: How long inbound.* events are kept: days, such as 90d.']],
    ['when it holds a number that JSON has not', route('when: { body.a: .inf }\n    to: [{ name: a, do: slack.ops.post-message }]'), ['8 routes[0].when["body.a"]: Infinity is no number that can be kept']],
  ])('%s', (_rule, yaml, expected) => expect(shown(yaml)).toEqual(expected));

  it.each([
    ['stripe.acme.inbound', 'is too short; write <partner>.<integration>.<category>.<name…>, or end with .> for the rest'],
    ['stripe.acme.inbuond.x', "'inbuond' is no category; did you mean 'inbound'?"],
    ['stripe.>.x.y', "'>' cannot be a part of it: letters, digits, _ and -, or * for any one part, or > at the end"],
    ['stripe.acme..x', "'' cannot be a part of it: letters, digits, _ and -, or * for any one part, or > at the end"],
    ['stripe.acme.inbound.in*', "'in*' cannot be a part of it: letters, digits, _ and -, or * for any one part, or > at the end"],
    ['gitlab.*.inbound.>', "no integration has the partner 'gitlab'; there is stripe, slack"],
    ['*.nowhere.inbound.>', "there is no integration '*.nowhere'; there is stripe.acme, slack.ops"],
  ])('when a route listens to %s', (on, message) => {
    const yaml = route('to: [{ name: a, do: slack.ops.post-message }]').replace('stripe.acme.inbound.invoice.paid', `'${on}'`);
    expect(shown(yaml)).toEqual([`7 routes[0].on: ${message}`]);
  });

  it('not when a route listens to wildcards, or to the hub', () => {
    for (const on of ['>', 'stripe.>', '*.acme.inbound.*', '*.*.command.dead-lettered', 'trunkline.hub.schedule.fired', 'stripe.*.*.x']) {
      expect(shown(route('to: [{ name: a, do: slack.ops.post-message }]').replace('stripe.acme.inbound.invoice.paid', `'${on}'`))).toEqual([]);
    }
  });

  it('when it is too large to be an event', () => {
    const [problem] = problemsOf(`version: 1\nintegrations: [{ partner: slack, name: ops, settings: { channel: '${'x'.repeat(1_100_000)}' } }]`);
    expect(problem!.message).toMatch(/^the manifest takes \d+ bytes as JSON, and may take 1048576/);
  });

  it('when it unfolds without measure', () => {
    const layers = Array.from({ length: 12 }, (_, at) => `l${at}: &l${at} [${Array.from({ length: 10 }, () => (at === 0 ? 'x' : `*l${at - 1}`)).join(', ')}]`);
    expect(shown(['version: 1', ...layers].join('\n'))).toEqual(['1 : Excessive alias count indicates a resource exhaustion attack']);
  });
});
