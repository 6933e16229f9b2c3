import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../../shared/json.ts';
import { writeFileAtomic } from '../../files/index.ts';
import { definitionsHash } from '../definitions-hash.ts';
import { fileStamp } from '../file-stamp.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { type ModuleOperation, readDescription } from './read-description.ts';

/** What an adapter told about itself. */
export interface Description {
  readonly operations: readonly ModuleOperation[];
  readonly definitions: ToolDefinitions;
}

/** What adapters told, by the content of their file: another content means that nothing is known. */
export interface DescriptionCache {
  /** Reads files alone. null = this content was never described. */
  known(): Description | null;
  /** Keeps what the adapter has just told. `tool.invalid_reply`, `file.*`. */
  keep(told: Json, contentHash: string): Promise<Description>;
  /** SHA-256 of the adapter's file; null = it cannot be read. */
  contentHash(): string | null;
}

/** The cache of one adapter, one file in `<stateDir>/module-descriptions`. */
export function createDescriptionCache(adapterPath: string, stateDir: string): DescriptionCache {
  const folder = join(stateDir, 'module-descriptions');
  const file = join(folder, `${sha256(adapterPath).slice(0, 32)}.json`);
  let seen: { readonly stamp: string; readonly hash: string } | null = null;
  let last: { readonly hash: string; readonly description: Description | null } | null = null;
  const contentHash = (): string | null => {
    const stamp = fileStamp(adapterPath);
    if (stamp === '') return null;
    if (seen?.stamp !== stamp) {
      const content = readOrNull(adapterPath);
      if (content === null) return null;
      seen = { stamp, hash: sha256(content) };
    }
    return seen.hash;
  };
  return {
    contentHash,
    known: () => {
      const hash = contentHash();
      if (hash === null) return null;
      if (last?.hash !== hash) last = { hash, description: readKept(file, hash) };
      return last.description;
    },
    keep: async (told, hash) => {
      const description = toDescription(told);
      last = { hash, description };
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(file, JSON.stringify({ hash, told }), 0o600);
      return description;
    },
  };
}

function toDescription(told: Json): Description {
  const operations = readDescription(told);
  const infos = operations.map(({ info }) => info);
  return { operations, definitions: { operations: infos, hash: definitionsHash(infos) } };
}

function readKept(file: string, hash: string): Description | null {
  const text = readOrNull(file)?.toString('utf8') ?? null;
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as { readonly hash?: unknown; readonly told?: Json };
    return kept.hash === hash && kept.told !== undefined ? toDescription(kept.told) : null;
  } catch {
    // Damaged: it is described anew.
    return null;
  }
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
