import { isIP, type LookupFunction } from 'node:net';
import type { Pool } from 'undici';
import { AppError } from '../../shared/errors.ts';
import type { Target } from './resolve-target.ts';

/** Kept connections, apart for each origin and the addresses that were checked for it. */
export interface ConnectionPools {
  /** `tool.connection_lost` after `close()`. */
  poolOf(target: Target): Promise<Pool>;
  /** A connection of it was lost, so its others may be dead too: the next request opens a new one. */
  leave(pool: Pool): void;
  /** Ends every connection, also one with an answer on its way. */
  close(): Promise<void>;
}

/** More than this many places at once is a crawl, not a project: the one that was used longest ago is let go. */
const MAX_POOLS = 64;
const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 4_000;

export function createConnectionPools(): ConnectionPools {
  const pools = new Map<string, Pool>();
  let isClosed = false;
  return {
    poolOf: async (target) => {
      const { Pool } = await import('undici');
      if (isClosed) throw closed();
      const key = [target.url.origin, ...target.addresses.toSorted()].join(' ');
      const pool = pools.get(key) ?? new Pool(target.url.origin, optionsFor(target));
      // Last used is last in the map.
      pools.delete(key);
      pools.set(key, pool);
      if (pools.size > MAX_POOLS) for (const oldest of [...pools].slice(0, 1)) letGo(pools, ...oldest);
      return pool;
    },
    leave: (pool) => {
      for (const [key, known] of pools) if (known === pool) letGo(pools, key, pool);
    },
    close: async () => {
      isClosed = true;
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
  };
}

function letGo(pools: Map<string, Pool>, key: string, pool: Pool): void {
  pools.delete(key);
  // Waits for what is on its way; nobody waits for it.
  pool.close().catch(() => undefined);
}

function optionsFor(target: Target): Pool.Options {
  return {
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The whole call has one clock of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: pinnedLookup(target.addresses) },
  };
}

/** Answers with the checked addresses, whatever is asked and however often: a name cannot change its mind in between. */
function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = pinned;
    if (options.all === true) callback(null, [...pinned]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

function closed(): AppError {
  return new AppError('tool.connection_lost', 'The app is closing and sends no more requests.', {
    retryable: false,
  });
}
