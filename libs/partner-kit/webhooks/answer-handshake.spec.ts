import { describe, expect, it } from 'vitest';
import { answerHandshake } from './answer-handshake.ts';

const slack = { match: { path: 'type', value: 'url_verification' }, respond: { path: 'challenge', as: 'json' as const }, signed: true };

describe('answerHandshake', () => {
  it('answers the challenge as JSON under its own name', () => {
    expect(answerHandshake(slack, { type: 'url_verification', challenge: 'a"b' })?.body).toBe('{"challenge":"a\\"b"}');
  });

  it('answers the challenge under the key that the partner wants', () => {
    const handshake = { ...slack, respond: { path: 'data.code', as: 'json' as const, key: 'validationResponse' } };
    expect(answerHandshake(handshake, { type: 'url_verification', data: { code: '1' } })?.body).toBe('{"validationResponse":"1"}');
  });

  it('answers the challenge as plain text', () => {
    const handshake = { ...slack, respond: { path: 'challenge', as: 'text' as const } };
    expect(answerHandshake(handshake, { type: 'url_verification', challenge: 'abc' })).toEqual({ contentType: 'text/plain; charset=utf-8', body: 'abc' });
  });

  it.each([
    ['another type', { type: 'event_callback', challenge: 'abc' }],
    ['no challenge', { type: 'url_verification' }],
    ['a challenge that is no text', { type: 'url_verification', challenge: {} }],
    ['a challenge too long to be one', { type: 'url_verification', challenge: 'x'.repeat(2000) }],
    ['no body', undefined],
  ])('sees no greeting in %s', (_, body) => {
    expect(answerHandshake(slack, body)).toBeUndefined();
  });
});
