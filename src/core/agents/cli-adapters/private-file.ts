import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentRequest } from '../../agent-port/index.ts';
import { toFileError, writeFileAtomic } from '../../files/index.ts';

type FolderOf = Pick<AgentRequest, 'runDir' | 'path' | 'attempt' | 'ask'>;

/** A file that only an agent's process reads, at its start: it may hold keys, so it is 0600 and goes as soon as it was read. */
export interface PrivateFile {
  readonly path: string;
  /** Never rejects; may be called again. */
  readonly remove: () => Promise<void>;
}

/** Writes it into a private folder of its own below the run. `file.io`. */
export async function writePrivateFile(request: FolderOf, name: string, text: string): Promise<PrivateFile> {
  const folder = folderOf(request);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((thrown: unknown) => {
    throw toFileError(thrown, folder);
  });
  const path = join(folder, name);
  await writeFileAtomic(path, text, 0o600);
  return { path, remove: () => removePrivateFiles(request) };
}

/** Removes what a question left there, also one of an engine that died. */
export async function removePrivateFiles(request: FolderOf): Promise<void> {
  await rm(folderOf(request), { recursive: true, force: true }).catch(() => undefined);
}

function folderOf({ runDir, path, attempt, ask }: FolderOf): string {
  const key = createHash('sha256')
    .update(JSON.stringify([path, attempt, ask]))
    .digest('hex')
    .slice(0, 20);
  return join(runDir, `.agent-${key}`);
}
