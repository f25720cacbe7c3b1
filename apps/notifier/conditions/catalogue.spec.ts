import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONDITIONS, type Condition } from './catalogue.ts';

type Rule = { alert: string; for?: string; labels: { severity: string }; annotations: Record<string, string> };

const ROOT = new URL('../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const rules = (parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const secondsOf = (duration = '0s'): number => Number(duration.slice(0, -1)) * (duration.endsWith('m') ? 60 : 1);

it('has every alert of deploy/prometheus/alerts.yml, and no other', () => {
  expect(Object.keys(CONDITIONS).toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});

it.each(Object.entries<Condition>(CONDITIONS))('says of %s what its alert says', (name, condition) => {
  const rule = rules.find(({ alert }) => alert === name)!;
  expect(condition).toEqual({
    title: /^# (.*)$/m.exec(read(`docs/runbooks/${condition.runbook}`))![1],
    severity: rule.labels.severity,
    holdS: secondsOf(rule.for),
    cause: rule.annotations['cause'],
    action: rule.annotations['action']!.replace('{{ $labels.partner }}', '<partner>'),
    runbook: rule.annotations['runbook_url']!.replace('docs/runbooks/', ''),
  });
});
