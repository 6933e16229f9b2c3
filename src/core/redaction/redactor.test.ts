import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from './redactor.ts';

const SECRET = 'sk-plant/ed+key"1';

describe('the redactor', () => {
  it('takes a secret out of texts, lists, maps and their names', () => {
    const redactor = createRedactor();
    redactor.add([SECRET]);
    expect(redactor.redact({ [`x ${SECRET}`]: [`a ${SECRET} b`, 1, null, { deep: SECRET }] })).toEqual({
      [`x ${REDACTED}`]: [`a ${REDACTED} b`, 1, null, { deep: REDACTED }],
    });
  });

  it('knows the usual spellings of it', () => {
    const redactor = createRedactor();
    redactor.add([SECRET]);
    const spellings = [
      encodeURIComponent(SECRET),
      JSON.stringify({ k: SECRET }),
      Buffer.from(SECRET).toString('base64'),
    ];
    for (const text of spellings) {
      const clean = redactor.redact(text);
      expect(clean).toContain(REDACTED);
      expect(clean).not.toContain('plant');
    }
  });

  it('gives the same value back where there is nothing to hide', () => {
    const redactor = createRedactor();
    const value = { a: ['b', { c: 'short' }] };
    expect(redactor.redact(value)).toBe(value);
    redactor.add(['short', SECRET]);
    expect(redactor.redact(value)).toBe(value);
  });

  it('holds secret inputs until their run is over, also such as another run has', () => {
    const redactor = createRedactor();
    redactor.addSecret('TOKEN', SECRET);
    redactor.hold('r1', 'password', { user: 'miller', pins: [1234, true, null] });
    redactor.hold('r2', 'name', 'miller');
    const text = `${SECRET} of miller: 1234, not 12345`;
    expect(redactor.redact(text)).toBe('[secret:TOKEN] of [secret:name]: [secret:password], not 12345');
    expect(redactor.heldBack('mill')).toBe(4);
    redactor.release('r1');
    expect(redactor.redact(text)).toBe('[secret:TOKEN] of [secret:name]: 1234, not 12345');
    redactor.release('r2');
    redactor.release('never');
    expect(redactor.redact(text)).toBe('[secret:TOKEN] of miller: 1234, not 12345');
  });

  it('hides what is certainly a key also where it is short, as a word of its own', () => {
    const redactor = createRedactor();
    redactor.add(['ab3']);
    expect(redactor.redact('ab3')).toBe('ab3');
    redactor.addKeys(['ab3', 'k', 'sixsix']);
    expect(redactor.redact('key=ab3; Bearer ab3, ab34 xab3 k xsixsixx')).toBe(
      `key=${REDACTED}; Bearer ${REDACTED}, ab34 xab3 k x${REDACTED}x`,
    );
  });

  it('leaves no part of the longer of two secrets behind', () => {
    const redactor = createRedactor();
    redactor.add(['12345678', '12345678-and-more']);
    expect(redactor.redact('x12345678-and-morex')).toBe(`x${REDACTED}x`);
  });

  it('says how much of a piece may be the beginning of a secret', () => {
    const redactor = createRedactor();
    expect(redactor.heldBack('anything')).toBe(0);
    redactor.add(['abcdabcdef', 'xyz-xyz-xyz']);
    expect(['', 'zabc', 'abcdabcd', 'no', 'xy', 'abcdabcdef'].map((text) => redactor.heldBack(text))).toEqual([
      0, 3, 8, 0, 2, 0,
    ]);
  });

  it('hides any secret in any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor();
        redactor.add([secret]);
        const clean = redactor.redact(before + secret + after);
        expect(clean.replaceAll(REDACTED, '')).not.toContain(secret);
        expect(clean).toContain(REDACTED);
      }),
    );
  });
});
