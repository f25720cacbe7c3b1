import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ROLES, type RoleName } from '#event-log';
import { actingPartners, partners } from '#partners';
import { loginOf, natsPasswordVariable, natsUsers } from '#walls';
import { describe, expect, it } from 'vitest';
import { TRACE_SETTINGS } from '#telemetry';
import { parse } from 'yaml';
import { roomSchemas } from '../tools/docs/config-page.ts';

type Service = {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  profiles?: string[];
  env_file?: unknown;
};

type Part = { endpoint?: string; policies?: ({ name: string; type: string } & Record<string, unknown>)[] };
type Pipeline = { receivers: string[]; processors: string[]; exporters: string[] };
type Collector = Record<'receivers' | 'processors' | 'exporters', Record<string, Part>> & { service: { pipelines: Record<string, Pipeline> } };

const ROOT = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const there = (file: string): boolean => existsSync(new URL(file, ROOT));

const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service>; volumes: object };
const rooms = Object.entries(services).filter(([, service]) => service.image === 'trunkline');
const appOf = (service: Service): string => /^dist\/apps\/([^/]+)\/main\.js$/.exec(service.command?.[1] ?? '')?.[1] ?? '';

describe('docker-compose.yml', () => {
  it('starts the main file of an app in each service of ours', () => {
    for (const [name, service] of rooms) {
      expect(service.command?.[0], name).toBe('node');
      expect(there(`apps/${appOf(service)}/main.ts`), `${name}: ${service.command?.[1]}`).toBe(true);
    }
  });

  it('has every room', () => {
    const apps = readdirSync(new URL('apps/', ROOT)).filter((app) => app !== 'standalone');
    expect([...new Set(rooms.map(([, service]) => appOf(service)))].sort()).toEqual(apps.sort());
  });

  it('has a connector for each partner that can be asked to do something', () => {
    const acting = Object.values(partners).filter(({ actions }) => Object.keys(actions).length > 0).map(({ name }) => name);
    expect(rooms.flatMap(([, service]) => (appOf(service) === 'connector' ? service.environment?.['CONNECTOR_PARTNER'] : [])).sort()).toEqual(acting.sort());
  });

  it('gives each room the variables that it cannot start without', async () => {
    const schemas = new Map((await roomSchemas()).map((schema) => [schema.name, schema]));
    const missing = rooms.flatMap(([name, service]) =>
      Object.values(schemas.get(appOf(service))!.fields)
        .filter((field) => field.default === undefined && !(field.env in (service.environment ?? {})))
        .map((field) => `${name} needs ${field.env}`));
    expect(missing).toEqual([]);
  });

  it('sets no port that the published one would miss', () => {
    expect(services['ingest']).toMatchObject({ ports: ['3000:3000'] });
    expect(services['console']).toMatchObject({ ports: ['127.0.0.1:3001:3001'], environment: { CONSOLE_HOST: '0.0.0.0' } });
  });

  it('waits for what a service needs, and names only what is there', () => {
    for (const [name, { depends_on: needs = {}, volumes: mounts = [] }] of Object.entries(services)) {
      for (const need of Object.keys(needs)) expect(Object.keys(services), `${name} needs ${need}`).toContain(need);
      for (const mount of mounts) {
        const from = mount.split(':')[0]!;
        expect(from.startsWith('./') ? there(from) : from in volumes, `${name} mounts ${from}`).toBe(true);
      }
    }
    expect(services['logins']!.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(services['apply']!.depends_on).toEqual({ logins: { condition: 'service_completed_successfully' } });
    expect(services['relay']!.depends_on).toMatchObject({ apply: { condition: 'service_completed_successfully' } });
  });

  it('shows the traces of every room in Jaeger, and has each timeline link there', () => {
    const { image, profiles } = services['jaeger']!;
    expect([image, profiles]).toEqual([expect.stringMatching(/^jaegertracing\/jaeger:\d+\.\d+\.\d+$/), undefined]);
    for (const [name, service] of rooms) {
      expect(service.environment?.['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'], name).toBe('${OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:-http://jaeger:4318/v1/traces}');
    }
    expect(services['jaeger']).toMatchObject({ ports: ['127.0.0.1:16686:16686'] });
    expect(services['console']!.environment!['TRACE_UI_URL']).toBe('http://127.0.0.1:16686');
  });

  it('has a collector that keeps failures, slow flows and a share of the rest, only when it is asked to', () => {
    const { profiles, image } = services['collector']!;
    expect([profiles, image]).toEqual([['tail-sampling'], expect.stringMatching(/^otel\/opentelemetry-collector-contrib:\d+\.\d+\.\d+$/)]);
    const config = parse(read('deploy/otel-collector/config.yml')) as Collector;
    const { receivers, processors, exporters } = config.service.pipelines['traces']!;
    for (const [kind, names] of Object.entries({ receivers, processors, exporters })) expect(Object.keys(config[kind as 'receivers'])).toEqual(names);
    expect(processors.indexOf('memory_limiter')).toBe(0);
    const policies = config.processors['tail_sampling']!.policies!;
    expect(policies.map(({ type }) => type)).toEqual(['status_code', 'latency', 'probabilistic']);
    for (const policy of policies) expect(policy, 'the settings stand under the name of the type').toHaveProperty(policy.type);
    expect(config.exporters['otlphttp']!.endpoint).toBe('http://jaeger:4318');
    // A flow that is slow to a room is slow to the collector.
    expect(policies[1]).toMatchObject({ latency: { threshold_ms: TRACE_SETTINGS.slowFlowMs.default } });
  });

  it('gives each room a login and a user of its own, with the passwords that the servers are given, and nobody’s else', () => {
    const passwordIn = (url: string | undefined): string | undefined => /:(\$\{[^}]+\})@/.exec(url ?? '')?.[1];
    for (const [name, { environment = {} }] of rooms.filter(([, service]) => !['cli', 'sandbox'].includes(appOf(service)))) {
      const room = appOf(services[name]!);
      expect(environment['DATABASE_URL'], name).toContain(`//${loginOf(`trunkline_${room}` as RoleName)}:`);
      expect(passwordIn(environment['DATABASE_URL']), name).toBe(services['logins']!.environment![`DB_PASSWORD_${room.toUpperCase()}`]);
      const user = natsUsers(actingPartners).find((one) => one.name === name);
      expect(environment['NATS_URL'] === undefined, name).toBe(user === undefined);
      if (user === undefined) continue;
      expect(environment['NATS_URL'], name).toContain(`//${name}:`);
      expect(passwordIn(environment['NATS_URL']), name).toBe(services['nats']!.environment![natsPasswordVariable(name)]);
    }
    const passwords = new Set(Object.keys(services['logins']!.environment!).filter((name) => name.startsWith('DB_PASSWORD')));
    expect(passwords).toEqual(new Set(ROLES.map((role) => role.replace('trunkline_', 'DB_PASSWORD_').toUpperCase())));
    expect(Object.keys(services['nats']!.environment!).toSorted()).toEqual(natsUsers(actingPartners).map(({ name }) => natsPasswordVariable(name)).toSorted());
    for (const [name, service] of rooms) if (name !== 'logins') expect(Object.keys(service.environment ?? {}).filter((one) => passwords.has(one)), name).toEqual([]);
  });

  it('shows no room the file that the passwords come from', () => {
    for (const [name, service] of Object.entries(services)) expect(JSON.stringify(service.env_file ?? []), name).not.toMatch(/"\.env"/);
  });

  it('plays the partners only when it is asked to', () => {
    expect(services['sandbox']!.profiles).toEqual(['demo']);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('copies what is there and what the context holds', () => {
    const copied = lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from')).flatMap((line) => line.split(' ').slice(1, -1));
    const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    for (const file of copied) {
      expect(there(file), file).toBe(true);
      expect(allowed, file).toContain(file);
    }
  });

  it('runs without root', () => {
    expect(lines).toContain('USER node');
  });
});
