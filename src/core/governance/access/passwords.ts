import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { areEqualBytes } from '../../crypto/index.ts';

type Derive = (
  password: string,
  salt: Buffer,
  length: number,
  cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
) => Promise<Buffer>;
const derive = promisify(scrypt) as Derive;

/** What deriving a key costs: about 0.1 s and 32 MiB each time, whoever tries. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** What is stored of a password: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normal(password), salt, KEY_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether this is the password of which `stored` was kept. Takes as long where nothing is stored, so that nobody learns which users there
 * are.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, n = COST.N, r = COST.r, p = COST.p, salt = '', key = ''] = stored?.split('$') ?? [];
  const cost = { N: Number(n), r: Number(r), p: Number(p), maxmem: COST.maxmem };
  const derived = await derive(normal(password), Buffer.from(salt, 'base64url'), KEY_BYTES, cost);
  return stored !== null && areEqualBytes(derived, Buffer.from(key, 'base64url'));
}

/** The same letters typed on another keyboard are the same password. */
const normal = (password: string): string => password.normalize('NFKC');
