import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/index.ts';
import { currentIdentity, endOrphans, isProcessAlive, type ProcessIdentity } from '../../processes/index.ts';

/**
 * Servers end with us because their stdin closes. For those that do not mind, every living server has a record with its mark
 * and its owner: the next owner ends what an owner that is gone has left (Linux finds it by the mark in its environment).
 */
export interface OrphanRecord {
  /** Value of `AIWORKFLOW_STEP_KEY` of the server and all it starts. */
  readonly mark: string;
  remove(): Promise<void>;
}

const folderOf = (stateDir: string): string => join(stateDir, 'mcp-servers');

/** Writes the record of a server that is about to start. */
export async function recordServer(stateDir: string): Promise<OrphanRecord> {
  const mark = createHash('sha256').update(randomUUID()).digest('hex');
  const file = join(folderOf(stateDir), `${mark}.json`);
  await mkdir(folderOf(stateDir), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, JSON.stringify(currentIdentity()));
  return { mark, remove: () => rm(file, { force: true }) };
}

/** Ends the servers that an owner left behind when it died; those of living owners stay. */
export async function endMcpOrphans(stateDir: string): Promise<void> {
  const names = await readdir(folderOf(stateDir)).catch(() => []);
  for (const name of names) {
    const [, mark] = /^([0-9a-f]{64})\.json$/.exec(name) ?? [];
    if (mark === undefined) continue;
    const file = join(folderOf(stateDir), name);
    const owner = await readOwner(file);
    if (owner !== null && isProcessAlive(owner)) continue;
    await endOrphans(mark);
    await rm(file, { force: true });
  }
}

async function readOwner(file: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}
