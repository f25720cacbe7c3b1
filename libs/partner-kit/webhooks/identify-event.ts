import { hash } from 'node:crypto';
import type { IdentityRule } from '#contract';
import { headerOf, type WebhookRequest } from '../signatures/webhook-request.ts';
import { canonicalJson } from './canonical-json.ts';
import { asText, readPath } from './read-path.ts';

/**
 * What makes two deliveries the same event, as the rule says; goes into `inboundEventId`.
 * `stable` gives the SHA-256 of the body without its metadata, in canonical order. When what the rule names is not there,
 * or the body was not parsed (`parsed` is undefined), the raw body is the identity.
 */
export const identifyEvent = (rule: IdentityRule, request: Pick<WebhookRequest, 'headers' | 'body'>, parsed: unknown): string | Buffer => {
  switch (rule.by) {
    case 'header':
      return headerOf(request, rule.header) || request.body;
    case 'path':
      return asText(readPath(parsed, rule.path)) || request.body;
    case 'fields': {
      const values = rule.paths.map((path) => readPath(parsed, path));
      return values.every((value) => value === undefined) ? request.body : canonicalJson(values);
    }
    case 'stable':
      return parsed === undefined ? request.body : hash('sha256', canonicalJson(parsed, omitted(rule)));
    case 'body':
      return request.body;
  }
};

const omissions = new WeakMap<IdentityRule, ReadonlySet<string>>();

const omitted = (rule: IdentityRule & { by: 'stable' }): ReadonlySet<string> => {
  let paths = omissions.get(rule);
  if (paths === undefined) {
    paths = new Set(rule.omit);
    omissions.set(rule, paths);
  }
  return paths;
};
