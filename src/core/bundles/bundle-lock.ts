import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { requiredTools } from '../workflow/index.ts';
import type { FoundFile } from './bundle-files.ts';
import { SMALL_FILE_BYTES } from './bundle-limits.ts';
import type { BundleOutline, ReadBundleOptions } from './bundle-reading.ts';
import { hashFiles } from './content-hash.ts';

/** The file of a bundle that says what it was when somebody locked it (SPEC §6.5). */
export const LOCK_FILE = 'aiworkflow.lock';

const SCHEMA = z.strictObject({
  format: z.literal(1),
  /** Of all files but the lock itself. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  tools: z.record(z.string(), z.record(z.string(), z.string())),
});

/** What a lock holds: the files of the bundle, and what the tools of the project are made of that it uses. */
export type BundleLock = z.infer<typeof SCHEMA>;

type Locked = Pick<BundleOutline, 'reading' | 'tools' | 'config'>;

/** The lock that fits a bundle as it is now. */
export async function makeLock(
  outline: Locked,
  sources: readonly FoundFile[],
  madeOf: ReadBundleOptions['madeOf'],
): Promise<BundleLock> {
  const { contentHash } = await hashFiles(sources.filter(({ path }) => path !== LOCK_FILE));
  const tools = outsideTools(outline).flatMap((name) => {
    const made = madeOf?.(name) ?? null;
    return made === null ? [] : [[name, { ...made }] as const];
  });
  return { format: 1, hash: contentHash, tools: Object.fromEntries(tools) };
}

/** The text of a lock: the same for the same content. */
export const lockText = (lock: BundleLock): string => `${JSON.stringify(lock, null, 2)}\n`;

/** What differs from the lock of a bundle; nothing where it has none. Tools are looked at where the project is known. */
export async function checkLock(
  outline: Locked,
  sources: readonly FoundFile[],
  madeOf: ReadBundleOptions['madeOf'],
): Promise<readonly Diagnostic[]> {
  const file = sources.find(({ path }) => path === LOCK_FILE);
  if (file === undefined) return [];
  const lock = await readLock(file.absolutePath);
  if (lock === null) return [problem('aiworkflow.lock is no lock that can be read.')];
  const now = await makeLock(outline, sources, madeOf);
  const files =
    lock.hash === now.hash ? [] : [problem('The files of the bundle are not those that aiworkflow.lock names.')];
  if (madeOf === undefined) return files;
  const names = [...new Set([...Object.keys(lock.tools), ...Object.keys(now.tools)])].sort();
  const others = names.filter((name) => !isSame(lock.tools[name], now.tools[name]));
  return [...files, ...others.map((name) => problem(`The tool '${name}' is not the one that aiworkflow.lock names.`))];
}

/** Tools that a workflow uses and the bundle does not bring. */
function outsideTools({ reading, tools, config }: Locked): readonly string[] {
  if (reading === null || !config.inheritGlobalTools) return [];
  const own = new Set(tools.map(({ name }) => name));
  return requiredTools(reading.workflow)
    .tools.filter((name) => !own.has(name))
    .toSorted();
}

async function readLock(path: string): Promise<BundleLock | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.length > SMALL_FILE_BYTES) return null;
  try {
    return SCHEMA.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isSame(one: BundleLock['tools'][string] = {}, other: BundleLock['tools'][string] = {}): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}

const problem = (message: string): Diagnostic => ({
  ...{ severity: 'error', code: 'bundle.locked', message, file: LOCK_FILE },
  fix: 'Put back what was locked, or look at what changed and lock it anew.',
});
