import { parseAddress } from './ip-address.ts';

/** Where an address leads. Only `public` may be reached without a person's word. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'metadata'
  | 'multicast'
  | 'unspecified'
  | 'documentation'
  | 'embedded'
  | 'reserved';

interface Block {
  readonly bytes: Uint8Array;
  readonly bits: number;
  readonly kind: AddressKind;
}

/** Parsed when it is first looked at: the check of a version-6 address compiles a pattern for 3 ms, which no start must wait for. */
function block(text: string, bits: number, kind: AddressKind): Block {
  let bytes: Uint8Array | null = null;
  return {
    get bytes() {
      bytes ??= parseAddress(text) ?? new Uint8Array();
      return bytes;
    },
    bits,
    kind,
  };
}

/** The first block that holds an address decides. */
const VERSION_4: readonly Block[] = [
  block('169.254.169.254', 32, 'metadata'),
  block('169.254.170.2', 32, 'metadata'),
  block('100.100.100.200', 32, 'metadata'),
  block('168.63.129.16', 32, 'metadata'),
  block('0.0.0.0', 32, 'unspecified'),
  block('0.0.0.0', 8, 'reserved'),
  block('10.0.0.0', 8, 'private'),
  block('100.64.0.0', 10, 'shared'),
  block('127.0.0.0', 8, 'loopback'),
  block('169.254.0.0', 16, 'link-local'),
  block('172.16.0.0', 12, 'private'),
  block('192.0.0.0', 24, 'reserved'),
  block('192.0.2.0', 24, 'documentation'),
  block('192.88.99.0', 24, 'embedded'),
  block('192.168.0.0', 16, 'private'),
  block('198.18.0.0', 15, 'reserved'),
  block('198.51.100.0', 24, 'documentation'),
  block('203.0.113.0', 24, 'documentation'),
  block('224.0.0.0', 4, 'multicast'),
  block('240.0.0.0', 4, 'reserved'),
];

const VERSION_6: readonly Block[] = [
  block('fd00:ec2::254', 128, 'metadata'),
  block('fd20:ce::254', 128, 'metadata'),
  block('::', 128, 'unspecified'),
  block('::1', 128, 'loopback'),
  block('::ffff:0:0', 96, 'embedded'),
  block('::ffff:0:0:0', 96, 'embedded'),
  block('::', 96, 'embedded'),
  block('64:ff9b::', 96, 'embedded'),
  block('64:ff9b:1::', 48, 'embedded'),
  block('2001::', 32, 'embedded'),
  block('2001::', 23, 'reserved'),
  block('2001:db8::', 32, 'documentation'),
  block('2002::', 16, 'embedded'),
  block('3fff::', 20, 'documentation'),
  block('fc00::', 7, 'private'),
  block('fe80::', 10, 'link-local'),
  block('fec0::', 10, 'private'),
  block('ff00::', 8, 'multicast'),
];

const GLOBAL_UNICAST = block('2000::', 3, 'public');

/**
 * The kind of an address of 4 or 16 bytes (SPEC §5.4 "SSRF policy"); any other length is `reserved`. Of version 6 only global
 * unicast (2000::/3) can be public, and every form that carries a version-4 address inside is `embedded`, whatever it carries.
 *
 * From the registries of special-purpose addresses (RFC 6890, RFC 8190) and: RFC 1122 (this network, loopback), RFC 1918 (private),
 * RFC 6598 (shared, carrier-grade NAT), RFC 3927 and RFC 4291 (link-local), RFC 5737, RFC 3849 and RFC 9637 (documentation),
 * RFC 2544 (benchmarks), RFC 5771 and RFC 4291 (multicast), RFC 1112 (class E), RFC 7526 (6to4 relays), RFC 4291 §2.5.5 (IPv4-mapped and
 * -compatible), RFC 2765 (IPv4-translated), RFC 6052 and RFC 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP),
 * RFC 2928 (protocol assignments), RFC 4193 (unique local), RFC 3879 (site-local). Metadata: the fixed addresses of AWS, Azure,
 * Google Cloud and Alibaba Cloud.
 */
export function classifyAddress(bytes: Uint8Array): AddressKind {
  if (bytes.length === 4) return firstOf(VERSION_4, bytes) ?? 'public';
  if (bytes.length !== 16) return 'reserved';
  const special = firstOf(VERSION_6, bytes);
  if (special !== undefined) return special;
  if (!holds(GLOBAL_UNICAST, bytes)) return 'reserved';
  return isIsatap(bytes) ? 'embedded' : 'public';
}

const firstOf = (blocks: readonly Block[], bytes: Uint8Array): AddressKind | undefined =>
  blocks.find((candidate) => holds(candidate, bytes))?.kind;

function holds(candidate: Block, bytes: Uint8Array): boolean {
  const whole = candidate.bits >> 3;
  for (let index = 0; index < whole; index++) if (candidate.bytes[index] !== bytes[index]) return false;
  const rest = candidate.bits & 7;
  if (rest === 0) return true;
  const shift = 8 - rest;
  return (candidate.bytes[whole] ?? 0) >> shift === (bytes[whole] ?? 0) >> shift;
}

/** An interface id of `[02]00:5efe` before a version-4 address. */
const isIsatap = (bytes: Uint8Array): boolean =>
  ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
