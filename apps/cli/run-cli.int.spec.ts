import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, openListener, openMailbox, scratchFolder, TEST_MASTER_KEYS, type FreshDatabase } from '#testkit';
import { drawMasterKey } from '#vault';
import { runCli } from './run-cli.ts';

let database: FreshDatabase;
let folder: string;
let file: string;

let typed = '';

const run = async (argv: string[], env: NodeJS.ProcessEnv = { DATABASE_URL: database.url }) => {
  const [out, err]: string[][] = [[], []];
  const code = await runCli({ env, print: (line) => out!.push(line), printError: (line) => err!.push(line), readSecret: async () => typed })(argv);
  return { code, out: out!.join('\n'), err: err!.join('\n') };
};

const GOOD = `version: 1
integrations:
  - { partner: stripe, name: acme, webhook: { secrets: ['\${S}'] } }
  - { partner: slack, name: ops, credentials: { botToken: xoxb-1 } }
routes:
  - { name: paid, on: stripe.acme.inbound.invoice.paid, to: [{ name: tell, do: slack.ops.post-message }] }
`;

beforeAll(async () => {
  database = await freshDatabase();
  folder = await scratchFolder('cli');
  file = join(folder, 'trunkline.yaml');
  await writeFile(file, GOOD);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database.drop();
});

describe('the command line', () => {
  it('says so while the database is not prepared', async () => {
    expect(await run(['apply', file])).toMatchObject({ code: 1, err: 'The database is not prepared. Run: trunkline migrate' });
  });

  it('migrates once', async () => {
    expect(await run(['migrate'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Migrated:\n {2}0001_/) });
    expect(await run(['migrate', '--json'])).toMatchObject({ code: 0, out: '{"ok":true,"command":"migrate","applied":[]}' });
  });

  it('compares, applies and compares again', async () => {
    expect((await run(['diff', file])).out).toContain('Nothing was ever applied; all of it is new:\n  + integration stripe.acme\n  + integration slack.ops\n  + route paid');
    expect((await run(['apply', file])).out).toBe([
      'Applied as version 1:', '  + integration stripe.acme', '  + integration slack.ops', '  + route paid',
      'Warning: slack.ops: credentials.botToken is written out, and would stay on the log for good. Store it (trunkline secrets set <name>) and write ${vault:<name>}, or set a variable and write ${NAME}.',
    ].join('\n'));
    expect((await run(['apply', file])).out).toContain('Nothing to apply: version 1 already says this.');
    await writeFile(file, GOOD.replace('name: paid', 'name: settled'));
    expect((await run(['diff', file])).out).toContain('Against version 1:\n  - route paid\n  + route settled');
    expect(JSON.parse((await run(['apply', file, '--json'])).out)).toMatchObject({ ok: true, command: 'apply', version: 2, changed: true });
    expect((await run(['diff', file])).out).toContain('No difference to version 2.');
  });

  it('tries out every channel, and says what came back of each', async () => {
    expect(await run(['notify', 'test'])).toMatchObject({ code: 1, err: expect.stringContaining('No channel is configured. Set NOTIFY_SLACK_URL') });
    const [listener, mailbox] = await Promise.all([openListener(), openMailbox()]);
    const mail = { NOTIFY_SMTP_URL: `smtp://${mailbox.user.name}:${encodeURIComponent(mailbox.user.password)}@127.0.0.1:${mailbox.port}`, NOTIFY_EMAIL_FROM: 'hub@example.com', NOTIFY_EMAIL_TO: 'ana@example.com' };
    const env = { NOTIFY_SLACK_URL: `${listener.url}/services/x`, ...mail };
    expect(await run(['notify', 'test'], env)).toMatchObject({ code: 0, out: expect.stringMatching(/^slack: taken \(HTTP 200 ok\)\nemail: taken \(250 .*\)$/) });
    expect([JSON.parse(listener.heard[0]!.body).text, mailbox.mails.length]).toEqual([expect.stringContaining('this is a test'), 1]);
    listener.answer({ status: 404, body: 'no_service' });
    expect(await run(['notify', 'test'], env)).toMatchObject({ code: 1, err: expect.stringMatching(/slack: NOT taken \(.*404.*\)\nemail: taken/) });
    await Promise.all([listener.stop(), mailbox.stop()]);
  });

  it('makes keys that are shown once, lists and revokes them', async () => {
    expect((await run(['keys', 'list'])).out).toBe('There is no key. Make one: trunkline keys create --name <name> --scope admin');
    const made = await run(['keys', 'create', '--name', 'ana', '--scope', 'operate', '--scope', 'publish', '--tenant', 'north', '--expires', '90d']);
    const [text, words] = made.out.split('\n');
    expect(text).toMatch(/^tl_\w{11}_\w{50}$/);
    const id = text!.split('_')[1]!;
    expect(words).toBe(`This is key ${id}. It is shown only now: nobody can find it out again.`);
    const other = JSON.parse((await run(['keys', 'create', '--json', '--name', 'bo', '--scope', 'read,admin'])).out);
    expect(other).toMatchObject({ ok: true, command: 'keys create', text: expect.stringMatching(/^tl_/), key: { name: 'bo', scopes: ['read', 'admin'], createdBy: expect.stringMatching(/^local:/) } });
    const listed = (await run(['keys', 'list'])).out;
    expect(listed.split('\n')).toEqual([
      `${other.key.id}  bo  read, admin  all tenants  never expires  never used`,
      expect.stringMatching(new RegExp(`^${id}  ana  operate, publish  tenant north  expires 2\\S+Z  never used$`)),
    ]);
    expect(listed).not.toContain(text);
    expect((await run(['keys', 'revoke', id])).out).toMatch(new RegExp(`^Key ${id} \\(ana\\) is revoked since 2`));
    expect((await run(['keys', 'list'])).out).toContain('tenant north  revoked 2');
  });

  it.each([
    [['keys', 'create', '--name', 'x', '--scope', 'root'], "There is no scope 'root'; there are read, operate, admin, publish."],
    [['keys', 'create', '--name', 'x', '--scope', 'admin', '--tenant', 'north'], 'A key of one tenant cannot be admin'],
    [['keys', 'create', '--name', 'x', '--scope', 'read', '--expires', 'soon'], "--expires takes a time such as 90d, 24h or 15m, and got 'soon'."],
    [['keys', 'revoke', 'nobody'], 'There is no key nobody. See which there are: trunkline keys list'],
  ])('makes no key of %j', async (argv, why) => {
    expect(await run(argv)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(why) });
  });

  it('has all of that on an audit trail that can be checked and exported', async () => {
    const lines = (await run(['audit', 'export'])).out.split('\n').map((line) => JSON.parse(line));
    expect(lines.map(({ act }) => act)).toEqual(['apply-manifest', 'apply-manifest', 'create-key', 'create-key', 'revoke-key']);
    expect(lines[1]).toMatchObject({ version: 2, who: { kind: 'local' }, subject: 'manifest version 2', changed: { changes: ['- route paid', '+ route settled'] }, previous: lines[0].hash });
    const verified = await run(['audit', 'verify']);
    const head = `5:${lines[4].hash}`;
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining(`All 5 records of the audit trail hold.\nHead: ${head}\n`) });
    expect(JSON.parse((await run(['audit', 'verify', '--json', '--head', head])).out)).toEqual({ ok: true, command: 'audit verify', records: 5, head });
    expect(await run(['audit', 'verify', '--head', 'x'])).toMatchObject({ code: 1, err: expect.stringContaining('--head takes what an earlier check printed') });

    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query("update events set data = convert_to(replace(convert_from(data, 'UTF8'), 'settled', 'other'), 'UTF8') where stream = 'audit' and stream_version = 2");
    await owner.end();
    expect(await run(['audit', 'verify'])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^The audit trail was tampered with\. Record 2 \(.*is not what record 3 says/) });
    expect(JSON.parse((await run(['audit', 'verify', '--json'])).out)).toMatchObject({ ok: false, cause: 'audit-broken' });
  });

  it('stores secrets that it never shows, lists and removes them', async () => {
    const env = { DATABASE_URL: database.url, MASTER_KEYS: TEST_MASTER_KEYS };
    expect((await run(['secrets', 'list'])).out).toBe('There is no stored secret. Store one: trunkline secrets set <name>');
    typed = 'hush-hush';
    expect(await run(['secrets', 'set', 'stripe'])).toMatchObject({ code: 1, err: expect.stringContaining('MASTER_KEYS is needed to seal this') });
    expect((await run(['secrets', 'set', 'stripe'], env)).out).toBe('Stored stripe, version 1. Write ${vault:stripe} where trunkline.yaml wants it; running rooms have it within a second.');
    expect(JSON.parse((await run(['secrets', 'set', 'stripe', '--json'], env)).out)).toMatchObject({ ok: true, secret: { name: 'stripe', version: 2, keyId: 'test' } });
    expect((await run(['secrets', 'list'])).out).toMatch(/^stripe {2}version 2 {2}since today {2}by local:\S+ {2}under test$/);
    typed = '';
    expect(await run(['secrets', 'set', 'stripe'], env)).toMatchObject({ code: 1, err: 'A secret needs a value, and this one is empty.' });
    expect(await run(['secrets', 'set', 'Stripe'], env)).toMatchObject({ code: 1, err: expect.stringContaining('lower-case letters') });
    expect(await run(['secrets', 'remove', 'none'])).toMatchObject({ code: 1, err: 'There is no stored secret none. See which there are: trunkline secrets list' });
  });

  it('warns of stored secrets that nobody has stored yet', async () => {
    await writeFile(file, GOOD.replace('xoxb-1', "'${vault:slack-bot}'").replace("'${S}'", "'${vault:stripe}', '${vault:none:-}'"));
    const yet = 'There is no stored secret slack-bot yet, and whoever needs it is not served. Store it: trunkline secrets set slack-bot';
    expect(JSON.parse((await run(['diff', file, '--json'])).out)).toMatchObject({ warnings: [yet] });
    expect((await run(['check', file], {})).out).not.toContain('Warning');
  });

  it('says how much is under which key, and seals it under another', async () => {
    const [old, fresh] = [TEST_MASTER_KEYS, drawMasterKey(new Date())];
    const [id] = fresh.split(':');
    const vault = (what: string, MASTER_KEYS: string) => run(['vault', what], { DATABASE_URL: database.url, MASTER_KEYS });
    expect((await vault('status', old)).out).toBe('test (active)  stored secrets: 1\nNothing is under another key: every other key may be taken out of MASTER_KEYS.');
    expect((await vault('status', fresh)).out).toContain('test  stored secrets: 1; MASTER_KEYS does not hold this key, so they cannot be opened');
    expect(await vault('rotate', fresh)).toMatchObject({ code: 1, err: expect.stringMatching(/stored secrets, stripe: .*master key test[^]*1 left under other keys: what is named above cannot be opened/) });
    expect(await vault('rotate', `${fresh},${old}`)).toEqual({ code: 0, out: '1 sealed anew, nothing left under another key.', err: `stored secrets: 1 sealed anew under ${id}` });
    expect((await vault('rotate', `${fresh},${old}`)).out).toBe('Everything is under the active key already.');
    expect((await vault('status', fresh)).out).toBe(`${id} (active)  stored secrets: 1\nNothing is under another key: every other key may be taken out of MASTER_KEYS.`);
    expect((await run(['secrets', 'remove', 'stripe'])).out).toContain('Removed stripe.');
    expect(await run(['vault', 'new-key'], {})).toMatchObject({ code: 0, out: expect.stringMatching(/^k\d{8}-[a-z]{4}:.{44}$/) });
  });

  it('checks a file without a database', async () => {
    await writeFile(file, GOOD);
    expect(await run(['check', file], {})).toMatchObject({ code: 0, out: expect.stringContaining('is good: 2 integrations, 1 route.') });
  });

  it('says what is wrong, in words or as data, and exits 1', async () => {
    await writeFile(file, GOOD.replace('post-message', 'post-mesage'));
    const words = await run(['check', file], {});
    expect(words).toMatchObject({ code: 1, out: '' });
    expect(words.err).toContain("line 6, routes[0].to[0].do: slack cannot 'post-mesage'; did you mean 'post-message'?");
    expect(JSON.parse((await run(['apply', file, '--json'])).out)).toMatchObject({ ok: false, cause: 'manifest-invalid', problems: [{ line: 6, path: 'routes[0].to[0].do' }] });
    await writeFile(file, GOOD.replace('stripe.acme.inbound.invoice.paid', "'slack.ops.>'"));
    expect((await run(['check', file])).err).toContain('paid → paid');
    expect(await run(['check', `${file}.none`])).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read (ENOENT)') });
  });

  it('says which variable is missing, and when Postgres is away', async () => {
    await writeFile(file, GOOD);
    expect(await run(['apply', file], {})).toMatchObject({ code: 1, err: expect.stringContaining('DATABASE_URL is required') });
    const away = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(await run(['migrate'], away)).toMatchObject({ code: 1, err: 'Postgres cannot be reached (ECONNREFUSED). Check DATABASE_URL and that the server runs.' });
    expect(JSON.parse((await run(['apply', file, '--json'], away)).out)).toMatchObject({ ok: false, cause: 'log-unavailable' });
  });

  it.each([
    [[], 'A command is missing.'],
    [['aply'], "There is no command 'aply'."],
    [['constructor'], "There is no command 'constructor'."],
    [['check'], 'check needs a file: trunkline check trunkline.yaml'],
    [['check', 'a', 'b'], "check takes no 'b'."],
    [['migrate', 'now'], "migrate takes no 'now'."],
    [['check', 'a', '--force'], "Unknown option '--force'"],
    [['check', 'a', '--scope', 'read'], 'check takes no --scope.'],
    [['keys'], 'keys needs to know what to do: create, list, revoke.'],
    [['keys', 'make'], 'keys needs to know what to do: create, list, revoke.'],
    [['keys', 'create', 'x'], "keys create takes no 'x'."],
    [['keys', 'create', '--tenant', 'a'], 'keys create needs --name and --scope.'],
    [['keys', 'create', '--name', 'a', '--name', 'b', '--scope', 'read'], 'keys create takes one --name.'],
    [['secrets', 'set', 'a', 'b'], "secrets set takes no 'b'."],
    [['secrets', 'set'], 'secrets set needs a name: trunkline secrets set <name>'],
    [['keys', 'revoke'], 'keys revoke needs an id: trunkline keys revoke <id>'],
  ])('exits 2 on what it does not understand: %j', async (argv, complaint) => {
    const { code, err } = await run(argv, {});
    expect([code, err]).toEqual([2, expect.stringContaining(complaint)]);
    expect(err).toContain('Usage: trunkline <command>');
  });

  it('helps', async () => {
    expect(await run(['--help'], {})).toMatchObject({ code: 0, out: expect.stringContaining('apply <file>') });
  });
});
