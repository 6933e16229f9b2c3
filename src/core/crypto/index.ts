/** Loaded with the first use: taking a run over may need none of it, and it is a tenth of what the engine loads. */
const library = () => process.getBuiltinModule('node:crypto');

/** The SHA-256 of bytes, or of a text's UTF-8 bytes, as 64 lower-case hex digits. */
export const sha256Hex = (data: string | Uint8Array): string => library().hash('sha256', data, 'hex');

/** The same of what comes in pieces. */
export interface Sha256 {
  update(data: string | Uint8Array): void;
  /** The end: nothing can be added after it. */
  digestHex(): string;
}

/** Begins the SHA-256 of what comes in pieces. */
export function startSha256(): Sha256 {
  const hash = library().createHash('sha256');
  return { update: (data) => void hash.update(data), digestHex: () => hash.digest('hex') };
}

const DRAWN_AT_ONCE = 4096;
let drawn = Buffer.alloc(0);

/**
 * So many random bytes as lower-case hex. Few are taken from many that were drawn at once, for drawing costs far more than taking; what was
 * taken is wiped there.
 */
export function randomHex(bytes: number): string {
  if (bytes > DRAWN_AT_ONCE) return library().randomBytes(bytes).toString('hex');
  if (drawn.length < bytes) drawn = library().randomBytes(DRAWN_AT_ONCE);
  const taken = drawn.subarray(0, bytes);
  drawn = drawn.subarray(bytes);
  const hex = taken.toString('hex');
  taken.fill(0);
  return hex;
}

/** HMAC-SHA256 over parts that follow each other without anything between them: 32 bytes. A key that is text is its UTF-8 bytes. */
export function hmacSha256(key: string | Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const mac = library().createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Whether two byte strings are equal, in a time that says nothing about where they differ. */
export const areEqualBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && library().timingSafeEqual(one, other);
