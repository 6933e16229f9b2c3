import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../src/core/storage/index.ts';

/** Opens the store of a folder, as an engine under test has it. */
export function openStore(dir: string, sync: 'FULL' | 'NORMAL'): Store {
  return new Store({
    storeFile: join(dir, 'state.db'),
    logsFile: join(dir, 'logs.db'),
    blobsDir: join(dir, 'blobs'),
    onLog: () => undefined,
    onConversation: () => undefined,
    sync,
  });
}

let files: ReadonlyMap<string, Buffer> | null = null;

/** The files of a store in which nothing has happened, made once in a process: its tables take three times as long as all else of an opening. */
function freshFiles(): ReadonlyMap<string, Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'aiw-fresh-'));
  openStore(dir, 'NORMAL').close();
  const made = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isFile());
  const read = new Map(made.map(({ name }) => [name, readFileSync(join(dir, name))]));
  rmSync(dir, { recursive: true });
  return read;
}

/** Puts a store in which nothing has happened into a folder that has none. */
export function putFreshStore(dir: string): void {
  if (existsSync(join(dir, 'state.db'))) return;
  files ??= freshFiles();
  for (const [name, content] of files) writeFileSync(join(dir, name), content, { mode: 0o600 });
}
