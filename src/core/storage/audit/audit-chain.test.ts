import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/json.ts';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import { sha256Hex } from '../../crypto/index.ts';
import { canonicalDetails, canonicalEvent, chainHash, FIRST_HASH, hashOfEvent } from './audit-chain.ts';

const EVENT: AuditEvent = {
  id: '0123456789abcdef0123456789abcdef',
  seq: 1,
  event_type: 'workflow.executed',
  user_id: 'o"ne',
  resource: 'workflow:größe',
  resource_type: 'workflow',
  resource_id: 'größe',
  action: 'execute',
  details: { run_id: 'r', inputs: { b: 1e21, a: [true, null, '\u2028'] } },
  source_ip: null,
  user_agent: null,
  door: 'cli',
  timestamp: '2026-01-02T03:04:05.006Z',
  success: true,
  error_message: null,
  prev_hash: FIRST_HASH,
  hash: '',
};

describe('canonical JSON', () => {
  // RFC 8785, 3.2.2 and 3.2.3.
  it.each([
    [
      {
        // biome-ignore lint/correctness/noPrecisionLoss: as the RFC writes it
        numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      {
        '\u20ac': 'Euro Sign',
        '\r': 'Carriage Return',
        '\ufb33': 'Hebrew Letter Dalet With Dagesh',
        '1': 'One',
        '\ud83d\ude00': 'Emoji: Grinning Face',
        '\u0080': 'Control',
        '\u00f6': 'Latin Small Letter O With Diaeresis',
      },
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    [[-0, 1e21, 1e-7, 5e-324, 9007199254740991], '[0,1e+21,1e-7,5e-324,9007199254740991]'],
  ])('vector %#', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('details hold no half of a surrogate pair, in names and in texts', () => {
    expect(canonicalDetails({ 'a\ud800': ['\udc00b', { c: 'ok 😀' }] })).toBe('{"a\ufffd":["\ufffdb",{"c":"ok 😀"}]}');
  });
});

describe('the chain', () => {
  it('an event is written as its canonical JSON without the two hashes', () => {
    const { hash: _hash, prev_hash: _before, ...said } = EVENT;
    expect(canonicalEvent({ ...said, details: canonicalDetails(said.details) })).toBe(canonicalJson(said));
  });

  it('the hash is SHA-256 of the hash before, in hex, and the canonical event', () => {
    const { hash: _hash, prev_hash: _before, ...said } = EVENT;
    expect(FIRST_HASH).toMatch(/^0{64}$/);
    expect(hashOfEvent(EVENT)).toBe(sha256Hex(FIRST_HASH + canonicalJson(said)));
    expect(hashOfEvent(EVENT)).toBe(chainHash(FIRST_HASH, canonicalJson(said)));
    expect(chainHash('', 'abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('every field counts', () => {
    const whole = hashOfEvent(EVENT);
    for (const name of Object.keys(EVENT).filter((key) => key !== 'hash')) {
      const value = name === 'details' ? { run_id: 's' } : name === 'success' ? false : name === 'seq' ? 2 : 'x';
      expect(hashOfEvent({ ...EVENT, [name]: value }), name).not.toBe(whole);
    }
  });
});
