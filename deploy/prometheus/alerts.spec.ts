import { existsSync, readFileSync } from 'node:fs';
import { cacheFolder, runTool } from '#embedded';
import { METRICS } from '#telemetry';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPromtool } from './find-promtool.ts';

type Rule = { alert: string; expr: string; for?: string; labels: Record<string, string>; annotations: Record<string, string> };

const ROOT = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const rules = (parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const named = (text: string): string[] => [...new Set([...text.matchAll(/\btrunkline_[a-z_]+/g)].map(([name]) => name))];
const series = new Set(Object.values(METRICS).flatMap(({ name, kind }) => (kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])));

describe.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))('%s', (alert, { expr, labels, annotations }) => {
  it('names only metrics of the catalogue', () => {
    expect(named(expr).length).toBeGreaterThan(0);
    expect(named(`${expr} ${Object.values(annotations).join(' ')}`).filter((name) => !series.has(name))).toEqual([]);
  });

  it('says whom it concerns, since when, why, and what to do', () => {
    expect(Object.keys(annotations)).toEqual(expect.arrayContaining(['summary', 'cause', 'action', 'runbook_url']));
    expect(['page', 'ticket']).toContain(labels['severity']);
    if (/by \([^)]*partner/.test(expr)) {
      expect(annotations['summary']).toContain('{{ $labels.partner }}/{{ $labels.integration }}');
      expect(annotations['last_good']).toContain('last_');
    } else expect(annotations['summary']).toMatch(/partner/);
  });

  it('has a runbook that says what is seen, why, what to do, and when it is over', () => {
    const page = new URL(annotations['runbook_url']!, ROOT);
    expect(existsSync(page), annotations['runbook_url']).toBe(true);
    const text = readFileSync(page, 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(['What you see', 'Why', 'What to do', 'When it is over']);
    expect(text).toContain(alert);
    expect(named(text).filter((name) => !series.has(name) && !Object.values(METRICS).some((metric) => metric.name === name))).toEqual([]);
  });

  it('has a test', () => {
    expect(read('alerts.test.yml')).toContain(alert);
  });
});

describe('promtool', () => {
  let promtool: string | undefined;
  let why = '';
  beforeAll(async () => {
    promtool = await findPromtool(cacheFolder(process.env)).catch((error: Error) => {
      why = error.message;
      return undefined;
    });
  }, 240_000);

  it.for<[title: string, args: string[]]>([
    ['takes the rules and the configuration', ['check', 'config', 'prometheus.yml']],
    ['finds that each alert fires when it should, and only then', ['test', 'rules', 'alerts.test.yml']],
  ])('%s', async ([, args], { skip }) => {
    if (promtool === undefined) {
      const words = `promtool is neither on PATH nor to be had from Debian, so the alerts were NOT tested: ${why}`;
      process.stderr.write(`${words}\n`);
      return skip(words);
    }
    await runTool(promtool, args, { cwd: import.meta.dirname });
  });
});
