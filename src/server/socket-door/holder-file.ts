import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const holderSchema = z.object({
  path: z.string().min(1).max(1000),
  token: z.string().min(20).max(200),
  pid: z.number().int(),
  version: z.string().max(100),
  door: z.enum(['cli', 'browser', 'desktop']),
});

/** Who holds the project and where it listens; `holder.json` of the project's state folder, mode 0600. */
export type Holder = Readonly<z.infer<typeof holderSchema>>;

const holderPath = (projectStateDir: string): string => join(projectStateDir, 'holder.json');

/** Writes the record so that a reader sees the old one or the new one, never half of it. */
export function writeHolder(projectStateDir: string, holder: Holder): void {
  mkdirSync(projectStateDir, { recursive: true });
  const temporary = join(projectStateDir, `holder-${randomBytes(6).toString('hex')}.tmp`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(holder));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, holderPath(projectStateDir));
}

/** The record, or null when there is none that can be read: a stale or broken one is no holder. */
export function readHolder(projectStateDir: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderPath(projectStateDir), 'utf8')));
  } catch {
    return null;
  }
}

/** Takes the record away if it is still the one with this token. */
export function removeHolder(projectStateDir: string, token: string): void {
  if (readHolder(projectStateDir)?.token === token) rmSync(holderPath(projectStateDir), { force: true });
}
