import { describe, expect, it } from 'vitest';
import { deliveryIdOf, slackChallenge } from './delivery-identity.ts';
import { pathOfTarget, readEndpointPath } from './endpoint-path.ts';
import { resolveSecrets, type SecretSource } from './endpoint-secrets.ts';
import { eventNamesOf, isWanted } from './event-names.ts';
import { readRateLimit, TokenBucket } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { headersToShow, headersToStore } from './stored-headers.ts';

describe('names of events', () => {
  it("are GitHub's with the action, type and event of the body, and the header", () => {
    expect(eventNamesOf([['x-github-event', 'pull_request']], { action: 'opened' })).toEqual([
      'pull_request.opened',
      'pull_request',
    ]);
    expect(eventNamesOf([['X-GitHub-Event', 'push']], { ref: 'main' })).toEqual(['push']);
    expect(eventNamesOf([], { type: 'invoice.paid' })).toEqual(['invoice.paid']);
    expect(eventNamesOf([['X-Event-Type', 'deploy']], { event: 'built' })).toEqual(['built', 'deploy']);
    expect(eventNamesOf([], { type: 'event_callback', event: { type: 'app_mention' } })).toEqual([
      'app_mention',
      'event_callback',
    ]);
    expect(eventNamesOf([], [1, 2])).toEqual([]);
    expect(eventNamesOf([], { type: 3, event: null })).toEqual([]);
  });

  it('meet patterns with stars; no pattern wants everything', () => {
    const names = ['pull_request.opened', 'pull_request'];
    const wanted = (...patterns: string[]): boolean => isWanted(patterns, names);
    expect([wanted(), wanted('pull_request.*'), wanted('pull_request'), wanted('*'), wanted('*.opened')]).toEqual(
      Array(5).fill(true),
    );
    expect([wanted('pull_request.closed'), wanted('Pull_Request.*'), wanted('pull'), wanted('')]).toEqual(
      Array(4).fill(false),
    );
    expect(isWanted(['a*b*c'], ['axxbyyc'])).toBe(true);
    expect(isWanted(['a.c'], ['abc'])).toBe(false);
    expect(isWanted(['push'], [])).toBe(false);
  });

  it('cannot make a pattern run long', () => {
    expect(isWanted([`${'*a'.repeat(200)}b`], ['a'.repeat(5000)])).toBe(false);
  });
});

describe('the id of a delivery', () => {
  it('stands where its scheme puts it', () => {
    expect(deliveryIdOf('github', [['x-github-delivery', 'd-1']], {})).toBe('d-1');
    expect(deliveryIdOf('generic', [['X-Delivery-Id', 'd-2']], {})).toBe('d-2');
    expect(deliveryIdOf('standard', [['webhook-id', 'msg_3']], {})).toBe('msg_3');
    expect(deliveryIdOf('slack', [], { event_id: 'Ev4' })).toBe('Ev4');
    expect(deliveryIdOf('generic', [], { id: 'no' })).toBeNull();
  });

  it("of Slack without one is the signature's: the same request is the same, another is not", () => {
    const one = deliveryIdOf('slack', [['X-Slack-Signature', 'v0=1']], null);
    expect(one).toBe(deliveryIdOf('slack', [['x-slack-signature', 'v0=1']], null));
    expect(one).not.toBe(deliveryIdOf('slack', [['X-Slack-Signature', 'v0=2']], null));
  });

  it('is told apart from the question whether an address is ours', () => {
    expect(slackChallenge('slack', { type: 'url_verification', challenge: 'abc' })).toBe('abc');
    expect(slackChallenge('generic', { type: 'url_verification', challenge: 'abc' })).toBeNull();
    expect(slackChallenge('slack', { type: 'event_callback' })).toBeNull();
  });
});

describe('secrets of an endpoint', () => {
  const env: Readonly<Record<string, string>> = { HOOK: 'v1', OLD_HOOK: 'v0', EMPTY: '', TOLD: 'of the environment' };
  const kept: Readonly<Record<string, string | { problem: string }>> = {
    TOLD: 'stored',
    SHUT: { problem: 'Not allowed.' },
  };
  const source: SecretSource = { variable: (name) => env[name], stored: (name) => kept[name] };
  const resolve = (written: readonly string[], isInsecure = false) =>
    resolveSecrets({ written, isInsecure, scheme: null }, source);

  it('are names, variables or, with a warning, values', () => {
    expect(resolve(['HOOK', 'env:OLD_HOOK'])).toEqual({
      secrets: [
        { name: 'HOOK', value: 'v1' },
        { name: 'OLD_HOOK', value: 'v0' },
      ],
      problem: null,
      warnings: [],
    });
    const literal = resolve(['my secret']);
    expect(literal.secrets).toEqual([{ name: 'written in the file', value: 'my secret' }]);
    expect(literal.warnings[0]).toContain('stands in the file');
  });

  it('are stored ones first, and say why they cannot be had', () => {
    expect(resolve(['TOLD', 'env:TOLD']).secrets.map(({ value }) => value)).toEqual(['stored', 'of the environment']);
    expect(resolve(['SHUT'])).toMatchObject({ secrets: [], problem: 'Not allowed.' });
    expect(resolve(['MISSING']).problem).toContain("'aiworkflow secrets set MISSING'");
    expect(resolve(['env:MISSING']).problem).not.toContain('secrets set');
  });

  it('that are not set or not written arm nothing, and say so', () => {
    expect(resolve(['MISSING']).problem).toContain('The secret MISSING is not set.');
    expect(resolve(['env:EMPTY']).problem).toContain('The secret EMPTY is not set.');
    expect(resolve(['HOOK', 'env:GONE']).secrets).toEqual([]);
    expect(resolve([]).problem).toContain('No secret is written');
    expect(resolve([], true)).toEqual({ secrets: [], problem: null, warnings: [] });
  });

  it('must fit the scheme', () => {
    const { problem } = resolveSecrets(
      { written: ['HOOK'], isInsecure: false, scheme: 'standard' },
      { variable: () => 'not base 64', stored: () => undefined },
    );
    expect(problem).toContain('base64 text behind whsec_');
  });
});

describe('rate limits', () => {
  it('are read as numbers and texts', () => {
    expect(readRateLimit(30)).toEqual({ count: 30, perMs: 60_000 });
    expect(readRateLimit('10/s')).toEqual({ count: 10, perMs: 1000 });
    expect(readRateLimit(' 5 / hour ')).toEqual({ count: 5, perMs: 3_600_000 });
    expect([0, -1, 1.5, 'x', '10/day', null, [], '9999999/s'].map(readRateLimit)).toEqual(Array(8).fill(null));
  });

  it('let a full bucket through at once, then one at a time, over clocks that jump', () => {
    const bucket = new TokenBucket({ count: 60, perMs: 60_000 }, 0);
    expect(Array.from({ length: 61 }, () => bucket.take(0))).toEqual([...Array(60).fill(0), 1000]);
    expect([bucket.take(999), bucket.take(1000), bucket.take(1000)]).toEqual([1, 0, 1000]);
    expect(bucket.take(-3_600_000)).toBe(1000);
    expect(bucket.take(-3_599_000)).toBe(0);
    expect(Array.from({ length: 61 }, () => bucket.take(86_400_000)).filter((wait) => wait === 0)).toHaveLength(60);
  });
});

describe('bodies', () => {
  const read = (bytes: Uint8Array | string, method = 'POST') => readBody(method, Buffer.from(bytes as string));

  it('are read as JSON with or without BOM; digits are kept', () => {
    expect(read('\ufeff{"a":1.0}\r\n')).toEqual({ isJson: true, value: { a: 1 } });
    expect(read('{"id":12345678901234567890}')).toEqual({ isJson: true, value: { id: '12345678901234567890' } });
    expect(read('7')).toEqual({ isJson: true, value: 7 });
  });

  it('that are none are known without a throw', () => {
    const bad = [Buffer.from([0x22, 0xff, 0x22]), '', '{', 'a=1&b=2', '['.repeat(500_000)];
    expect(bad.map((one) => read(one).isJson)).toEqual(bad.map(() => false));
    expect(read('', 'GET')).toEqual({ isJson: true, value: null });
  });

  it('bring no prototype with them', () => {
    const { value } = read('{"__proto__":{"x":1}}') as { value: object };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('x' in value).toBe(false);
  });
});

describe('paths', () => {
  it('are taken as written, with a first slash', () => {
    expect(readEndpointPath('/github')).toEqual({ path: '/github' });
    expect(readEndpointPath('ci/build-1')).toEqual({ path: '/ci/build-1' });
    for (const bad of ['/a b', '/a?x', '/a#b', '/ä', '/a\nb', `/${'a'.repeat(600)}`])
      expect(readEndpointPath(bad)).toHaveProperty('problem');
  });

  it('are those of a request without its query, and nothing is decoded', () => {
    expect(pathOfTarget('/a/b?x=/c')).toBe('/a/b');
    expect(pathOfTarget('/a/../b')).toBe('/a/../b');
    expect(pathOfTarget('/%61')).toBe('/%61');
    expect(pathOfTarget('http://127.0.0.1:8080/a?b')).toBe('/a');
    expect(pathOfTarget('*')).toBe('*');
    expect(pathOfTarget('http://host')).toBe('/');
  });
});

describe('headers', () => {
  it('are stored without logins and shown without signatures', () => {
    const headers = [
      ['X-Hub-Signature-256', 'sha256=1'],
      ['Authorization', 'Bearer t'],
      ['Cookie', 'a=b'],
      ['X-Api-Key', 'k'],
      ['User-Agent', 'x'],
    ] as const;
    const values = (list: readonly (readonly [string, string])[]): readonly string[] => list.map(([, value]) => value);
    const hidden = '[redacted]';
    expect(values(headersToStore(headers, true))).toEqual(['sha256=1', hidden, hidden, hidden, 'x']);
    expect(values(headersToShow(headers))).toEqual([hidden, hidden, hidden, hidden, 'x']);
  });
});
