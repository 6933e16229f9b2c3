import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyAddress } from './classify-address.ts';
import { parseAddress } from './ip-address.ts';

const kindOf = (text: string): string => classifyAddress(parseAddress(text) ?? new Uint8Array());
const version4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
const version6 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const text4 = (bytes: Uint8Array): string => bytes.join('.');
const text6 = (bytes: Uint8Array): string =>
  Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16)).join(':');

/** The platform's own list of the same ranges, as an oracle that shares no code with ours. */
function oracle(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const SPECIAL_4 = oracle(
  [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
    ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
  ],
  'ipv4',
);
const UNICAST_6 = oracle(['2000::/3'], 'ipv6');
const SPECIAL_6 = oracle(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'], 'ipv6');

describe('classifyAddress', () => {
  it('calls a version-4 address public exactly outside the special ranges', () => {
    const nearEdges = fc
      .tuple(
        fc.constantFrom(0, 9, 10, 11, 99, 100, 101, 126, 127, 128, 168, 169, 172, 192, 198, 203, 223, 224, 255),
        version4,
      )
      .map(([first, rest]) => Uint8Array.from([first, ...rest.slice(1)]));
    fc.assert(
      fc.property(fc.oneof(version4, nearEdges), (bytes) => {
        expect(classifyAddress(bytes) === 'public').toBe(!SPECIAL_4.check(text4(bytes), 'ipv4'));
      }),
      { numRuns: 5000 },
    );
  });

  it('calls a version-6 address public exactly in global unicast outside its special ranges', () => {
    const prefixes = fc.constantFrom(
      [0x20, 0x01],
      [0x20, 0x02],
      [0x3f, 0xff],
      [0x26, 0x00],
      [0x20, 0x01, 0x0d, 0xb8],
      [0xfe, 0x80],
    );
    const near = fc
      .tuple(prefixes, version6)
      .map(([prefix, rest]) => Uint8Array.from([...prefix, ...rest.slice(prefix.length)]));
    fc.assert(
      fc.property(fc.oneof(version6, near), (bytes) => {
        const text = text6(bytes);
        const isIsatap = /^(?:[^:]*:){4}(?:0|200):5efe:/.test(text);
        const expected = UNICAST_6.check(text, 'ipv6') && !SPECIAL_6.check(text, 'ipv6') && !isIsatap;
        expect(classifyAddress(bytes) === 'public').toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('never calls a form that carries a version-4 address public', () => {
    const carriers: readonly ((bytes: Uint8Array) => string)[] = [
      (bytes) => `::ffff:${text4(bytes)}`,
      (bytes) => `::${text4(bytes)}`,
      (bytes) => `::ffff:0:${text4(bytes)}`,
      (bytes) => `64:ff9b::${text4(bytes)}`,
      (bytes) => `64:ff9b:1::${text4(bytes)}`,
      (bytes) =>
        `2002:${text6(Uint8Array.from([...bytes, ...new Uint8Array(12)]))
          .split(':')
          .slice(0, 2)
          .join(':')}::1`,
      (bytes) =>
        `2001:0:${text6(Uint8Array.from([...bytes, ...new Uint8Array(12)]))
          .split(':')
          .slice(0, 2)
          .join(':')}::1`,
      (bytes) => `2a00:1450::5efe:${text4(bytes)}`,
    ];
    fc.assert(
      fc.property(version4, fc.constantFrom(...carriers), (bytes, carry) => {
        expect(kindOf(carry(bytes))).not.toBe('public');
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no other length for public', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), (bytes) => {
        fc.pre(bytes.length !== 4 && bytes.length !== 16);
        expect(classifyAddress(bytes)).toBe('reserved');
      }),
    );
  });

  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['fd00::1', 'private'],
    ['100.100.0.1', 'shared'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['224.0.0.251', 'multicast'],
    ['ff02::fb', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['2001:db8::1', 'documentation'],
    ['::ffff:8.8.8.8', 'embedded'],
    ['255.255.255.255', 'reserved'],
  ])('%s is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe('parseAddress', () => {
  it('gives back the bytes of every plain spelling', () => {
    fc.assert(
      fc.property(version4, (bytes) => {
        expect(parseAddress(text4(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(version6, (bytes) => {
        expect(parseAddress(text6(bytes))).toEqual(bytes);
        expect(parseAddress(text6(bytes).toUpperCase())).toEqual(bytes);
        // The shortest spelling, as URLs have it.
        const short = new URL(`http://[${text6(bytes)}]`).hostname.slice(1, -1);
        expect(parseAddress(short)).toEqual(bytes);
      }),
    );
  });

  it.each([
    '',
    '1',
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '1.2.3.4.',
    ' 1.2.3.4',
    '1.2.3.256',
    '[::1]',
    '::1%lo',
    'fe80::1%eth0',
    ':::',
    '::1::',
    'localhost',
    '1.2.3.4:80',
  ])('knows no address in %j', (text) => {
    expect(parseAddress(text)).toBeNull();
  });
});
