import { createHmac } from 'node:crypto';
import { sign as signAsGitHub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { RawHeaders } from './raw-headers.ts';
import { signDelivery } from './sign-delivery.ts';
import type { SignatureScheme } from './signature-schemes.ts';
import { type SignatureVerdict, verifySignature } from './verify-signature.ts';

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);
const NOW = Date.parse('2026-01-22T08:00:00Z');
const bytes = (text: string): Uint8Array => Buffer.from(text);

interface Asked {
  readonly secret?: string | readonly string[];
  readonly scheme?: SignatureScheme | null;
  readonly nowAt?: number;
}

function check(body: Uint8Array, headers: RawHeaders, { secret = 's', scheme = null, nowAt = NOW }: Asked = {}) {
  const secrets = [secret].flat().map((value, at) => ({ name: `S${at}`, value }));
  return verifySignature({ headers, body, scheme, secrets, nowAt });
}
const problemOf = (verdict: SignatureVerdict): string | null => (verdict.isValid ? null : verdict.problem);

describe('the vectors of the specification', () => {
  it.each([
    [
      'github',
      "It's a Secret to Everybody",
      'Hello, World!',
      [['X-Hub-Signature-256', 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17']],
      NOW,
    ],
    [
      'generic',
      's',
      '{"a":1}',
      [['X-Signature', '37beaf650f70b40ec9706929c2e9d835cbd63729988f48781e6383a147215f07']],
      NOW,
    ],
    [
      'standard',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      '{"test": 2432232314}',
      [
        ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
        ['webhook-timestamp', '1614265330'],
        ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
      ],
      1_614_265_330_000,
    ],
    [
      'slack',
      'slack-secret',
      '{"a":1}',
      [
        ['X-Slack-Request-Timestamp', '1700000000'],
        ['X-Slack-Signature', 'v0=344dd534c455cbf275276296e34d29b7712ad9930f56cac931b8a443635fb48f'],
      ],
      1_700_000_000_000,
    ],
  ] as const)('%s is taken, and not with one byte more', (scheme, secret, text, headers, nowAt) => {
    expect(check(bytes(text), headers, { secret, scheme, nowAt })).toEqual({ isValid: true, scheme, secret: 'S0' });
    expect(problemOf(check(bytes(`${text} `), headers, { secret, scheme, nowAt }))).toBe('mismatch');
    expect(problemOf(check(bytes(text), headers, { secret: `${secret}A`, scheme, nowAt }))).toBe('mismatch');
  });
});

describe('what the libraries of the senders sign', () => {
  it('is taken from GitHub', async () => {
    for (const text of ['{"action":"opened"}', '', 'é\r\n\ufeff', '{"a":1.0}']) {
      const signature = await signAsGitHub('geheim ü', text || ' ');
      const headers: RawHeaders = [['x-hub-signature-256', signature]];
      expect(check(bytes(text || ' '), headers, { secret: 'geheim ü' }).isValid).toBe(true);
    }
  });

  it('is taken from senders of standard webhooks, and ours by them', () => {
    const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`;
    const library = new Webhook(secret);
    const text = '{"type":"invoice.paid","n":1.0}\r\n';
    const nowAt = Math.floor(Date.now() / 1000) * 1000;
    const headers: RawHeaders = [
      ['Webhook-Id', 'msg_1'],
      ['Webhook-Timestamp', String(nowAt / 1000)],
      [
        'Webhook-Signature',
        `v1a,xxx ${library.sign('msg_0', new Date(nowAt), text)} ${library.sign('msg_1', new Date(nowAt), text)}`,
      ],
    ];
    expect(check(bytes(text), headers, { secret, scheme: 'standard', nowAt })).toMatchObject({ isValid: true });
    const ours = signDelivery('standard', secret, { body: bytes(text), id: 'msg_2', atMs: nowAt }) ?? [];
    expect(library.verify(text, Object.fromEntries(ours))).toEqual({ type: 'invoice.paid', n: 1 });
  });
});

describe('a signature', () => {
  const generic = (body: Uint8Array, key = 's'): string => createHmac('sha256', key).update(body).digest('hex');

  it('covers raw bytes: BOM, CRLF, numbers as written, bytes that are no text', () => {
    for (const body of [
      Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
      bytes('{"a":1}\r\n'),
      bytes('{"a":1.0}'),
      Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]),
      new Uint8Array(0),
    ]) {
      expect(check(body, [['X-Signature', generic(body)]]).isValid).toBe(true);
    }
    // Text that is the same once it was read, but other bytes.
    expect(check(bytes('{"a":1}'), [['X-Signature', generic(bytes('{"a":1.0}'))]]).isValid).toBe(false);
    const broken = Buffer.from([0x22, 0xff, 0x22]);
    expect(check(broken, [['X-Signature', generic(bytes('"\ufffd"'))]]).isValid).toBe(false);
  });

  it('is looked for by names in any case, with hex digits in any case', () => {
    const body = bytes('{}');
    expect(check(body, [['x-SIGNATURE', generic(body).toUpperCase()]]).isValid).toBe(true);
    expect(check(body, [['X-HUB-signature-256', `sha256=${generic(body)}`]])).toMatchObject({ scheme: 'github' });
  });

  it('of any secret of a rotation counts, and says which', () => {
    const body = bytes('{}');
    expect(check(body, [['X-Signature', generic(body, 'new')]], { secret: ['old', 'new'] })).toMatchObject({
      secret: 'S1',
    });
    expect(problemOf(check(body, [['X-Signature', generic(body, 'other')]], { secret: ['old', 'new'] }))).toBe(
      'mismatch',
    );
  });

  it('with a prefix is none of the generic scheme; GitHub wants its own', () => {
    const body = bytes('{}');
    expect(problemOf(check(body, [['X-Signature', `sha256=${generic(body)}`]]))).toBe('mismatch');
    expect(problemOf(check(body, [['X-Hub-Signature-256', generic(body)]]))).toBe('malformed');
  });

  it('that is missing, empty or there twice is none', () => {
    const body = bytes('{}');
    const signature = generic(body);
    expect(problemOf(check(body, []))).toBe('missing');
    expect(problemOf(check(body, [['X-Signature', '']]))).toBe('malformed');
    expect(
      check(body, [
        ['X-Signature', signature],
        ['x-signature', signature],
      ]),
    ).toMatchObject({
      isValid: false,
      message: 'The header X-Signature came more than once.',
    });
  });

  it('counts for its own scheme only, where one is written', () => {
    const body = bytes('{}');
    const both: RawHeaders = [
      ['X-Signature', generic(body)],
      ['X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`],
    ];
    expect(check(body, both, { scheme: 'generic' }).isValid).toBe(true);
    expect(check(body, both).isValid).toBe(false);
  });

  it('without a usable secret is refused', () => {
    const body = bytes('{}');
    expect(check(body, [['X-Signature', generic(body)]], { secret: [] }).isValid).toBe(false);
  });
});

describe('a timestamp', () => {
  const at = (skewMs: number, scheme: 'slack' | 'standard' = 'slack'): SignatureVerdict => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = bytes('{}');
    return check(body, signDelivery(scheme, secret, { body, id: 'm', atMs: NOW + skewMs }) ?? [], { secret, scheme });
  };

  it('may differ by 300 s to either side', () => {
    expect([-300_000, 300_000].map((skew) => at(skew).isValid)).toEqual([true, true]);
    expect([-301_000, 301_000].map((skew) => problemOf(at(skew)))).toEqual(['stale', 'stale']);
    expect(problemOf(at(-301_000, 'standard'))).toBe('stale');
  });

  it('that is stale names the difference of the clocks', () => {
    expect(at(-12 * 60_000)).toMatchObject({
      skewMs: -720_000,
      message:
        "The sender's clock is 12 min behind this computer's, or the delivery is that old; at most 5 min are allowed.",
    });
    expect(at(12 * 60_000)).toMatchObject({
      message: "The sender's clock is 12 min ahead of this computer's; at most 5 min are allowed.",
    });
    expect(at(-3 * 86_400_000)).toMatchObject({ message: expect.stringContaining('3 days behind') });
  });

  it('that is no number is refused before anything else', () => {
    const headers: RawHeaders = [
      ['X-Slack-Signature', 'v0=00'],
      ['X-Slack-Request-Timestamp', '1e9'],
    ];
    expect(problemOf(check(bytes('{}'), headers, { scheme: 'slack' }))).toBe('malformed');
  });

  it('is only judged when the signature is right', () => {
    const body = bytes('{}');
    const headers = signDelivery('slack', 'other', { body, id: '', atMs: NOW - 3_600_000 }) ?? [];
    expect(problemOf(check(body, headers, { scheme: 'slack' }))).toBe('mismatch');
  });
});

/** Small seeded generator, so that a failing sequence can be had again with TEST_SEED. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe('what is tampered with', () => {
  it(`is never taken: 500 changes of body, signature, id, timestamp or secret (seed ${SEED})`, () => {
    const random = seeded(SEED);
    const pick = (below: number): number => Math.floor(random() * below);
    const schemes: readonly SignatureScheme[] = ['github', 'generic', 'standard', 'slack'];
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const taken: unknown[] = [];
    for (let round = 0; round < 500; round += 1) {
      const scheme = schemes[pick(4)] ?? 'github';
      const body = Uint8Array.from({ length: 1 + pick(200) }, () => pick(256));
      const headers = signDelivery(scheme, secret, { body, id: `m${round}`, atMs: NOW }) ?? [];
      expect(check(body, headers, { secret, scheme }).isValid).toBe(true);
      const changed = Uint8Array.from(body);
      const place = pick(body.length);
      changed[place] = (changed[place] ?? 0) ^ (1 << pick(8));
      const cut = (value: string): string => value.slice(0, -1 - pick(4));
      const signed = headers.filter(([name]) => scheme === 'standard' || !/delivery/i.test(name));
      const hurt = pick(signed.length);
      const mutants: readonly (readonly [Uint8Array, RawHeaders, string])[] = [
        [changed, headers, secret],
        [body.subarray(0, -1), headers, secret],
        [Buffer.concat([body, Buffer.of(pick(256))]), headers, secret],
        [body, signed.map(([name, value], at) => [name, at === hurt ? cut(value) : value]), secret],
        [body, signed.filter((_, at) => at !== hurt), secret],
        [body, headers, 'whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      ];
      const [otherBody, otherHeaders, otherSecret] = mutants[pick(mutants.length)] ?? [body, [], secret];
      const verdict = check(otherBody, otherHeaders, { secret: otherSecret, scheme });
      if (verdict.isValid) taken.push({ round, scheme, otherHeaders });
    }
    expect(taken).toEqual([]);
  });
});
