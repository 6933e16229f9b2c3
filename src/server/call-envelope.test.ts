import { describe, expect, it } from 'vitest';
import { MAX_CALL_BYTES } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { checkCallEnvelope, checkPlainJson, MAX_DEPTH, parseJson } from './call-envelope.ts';

/** A call as it comes through a door: its text. */
const parseCallEnvelope = (text: string) => checkCallEnvelope(parseJson(text));
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : 'not an AppError';
  }
  return 'accepted';
};
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('call envelope', () => {
  it('takes a name and an input, and an input that is left out as none', () => {
    expect(parseCallEnvelope('{"name":"app.info","input":{"a":[1,null,"x",true]}}')).toEqual({
      name: 'app.info',
      input: { a: [1, null, 'x', true] },
    });
    expect(parseCallEnvelope('{"name":"app.info"}')).toEqual({ name: 'app.info', input: {} });
    // A null is not left out: the contract refuses it.
    expect(parseCallEnvelope('{"name":"app.info","input":null}').input).toBeNull();
  });

  it.each([
    'not json',
    '[]',
    'null',
    '"app.info"',
    '{}',
    '{"name":1}',
    '{"name":"app.info","actor":{"kind":"system"}}',
    '{"name":"app.info","input":{"__proto__":{"isAdmin":true}}}',
    '{"name":"app.info","input":{"a":[{"__proto__":1}]}}',
    `{"name":"${'x'.repeat(101)}"}`,
  ])('refuses %s', (text) => {
    expect(codeOf(() => parseCallEnvelope(text))).toBe('contract.invalid_input');
  });

  it('refuses what is nested too deeply, without using the stack', () => {
    expect(codeOf(() => checkPlainJson(nested(MAX_DEPTH)))).toBe('accepted');
    expect(codeOf(() => checkPlainJson(nested(MAX_DEPTH + 1)))).toBe('contract.invalid_input');
    expect(codeOf(() => parseCallEnvelope(`{"name":"a","input":${'['.repeat(1e6)}${']'.repeat(1e6)}}`))).toBe(
      'contract.invalid_input',
    );
  });

  it('refuses what a structured clone can carry and JSON cannot', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const shared = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner, inner], 'x');
    const values = [new Map(), new Date(0), 1n, Number.NaN, new Uint8Array(4), /x/, cyclic, new Error('x')];
    for (const value of values) {
      expect(codeOf(() => checkCallEnvelope({ name: 'app.info', input: { value } }))).toBe('contract.invalid_input');
    }
    expect(codeOf(() => checkPlainJson(shared))).toBe('contract.too_large');
    expect(codeOf(() => checkPlainJson(new Array(MAX_CALL_BYTES + 1)))).toBe('contract.too_large');
    expect(codeOf(() => checkPlainJson('x'.repeat(MAX_CALL_BYTES)))).toBe('contract.too_large');
  });
});
