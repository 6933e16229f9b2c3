import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/index.ts';
import { removeEmptyFolders } from './remove-empty-folders.ts';

const expectedStart = z.object({ key: z.string(), workflowName: z.string(), at: z.number() });

/** A start that is expected, UTC ms. */
export type ExpectedStart = Readonly<z.output<typeof expectedStart>>;

const recordSchema = z.object({
  lookedAt: z.number().nullable(),
  toldUntil: z.number(),
  store: z.string().nullable(),
  expected: z.array(expectedStart),
  told: z.array(z.string()),
});

/** What one look of the timer leaves for the next. Instants are UTC ms. */
export interface WakeRecord {
  /** Null = it has not yet. */
  readonly lookedAt: number | null;
  /** What has happened up to here has been told. */
  readonly toldUntil: number;
  /** See {@link storeMark}; null = the next look has to open the project. */
  readonly store: string | null;
  /** The next start of each armed schedule. */
  readonly expected: readonly ExpectedStart[];
  /** Expected starts that somebody was told of already, see {@link nameOfStart}. */
  readonly told: readonly string[];
}

/** Where it is kept what a timer of the system does for a project. */
export const wakeRecordFile = (userDataDir: string, id: string): string => join(userDataDir, 'wake', `${id}.json`);

/** What the look before left; null = there was none, or nothing can be read of it. */
export async function readWakeRecord(file: string): Promise<WakeRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Keeps it for the next look. Errors: `file.*`. */
export async function writeWakeRecord(file: string, record: WakeRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, `${JSON.stringify(record)}\n`, 0o600);
}

/** Forgets it. */
export async function removeWakeRecord(file: string): Promise<void> {
  await rm(file, { force: true });
  await removeEmptyFolders(dirname(file));
}

/** Changes whenever something is written into the store: what was expected may be another thing then. */
export async function storeMark(storeFile: string): Promise<string> {
  const marks = await Promise.all(
    [storeFile, `${storeFile}-wal`].map((path) =>
      stat(path).then(
        ({ mtimeMs, size }) => `${mtimeMs}:${size}`,
        () => '',
      ),
    ),
  );
  return marks.join(' ');
}

/** Nothing is due, and nobody has changed anything since. */
export const isQuiet = ({ store, expected }: WakeRecord, mark: string, now: number): boolean =>
  store === mark && expected.every(({ at }) => at > now);
