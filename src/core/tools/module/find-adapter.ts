import { statSync } from 'node:fs';
import { extname, join } from 'node:path';

const NAMES = ['adapter.js', 'adapter.mjs', 'adapter.ts', 'adapter.py'];
const EXTENSIONS: ReadonlySet<string> = new Set(['.js', '.mjs', '.ts', '.py']);

/** The adapter that a path means: a file itself, or the adapter of a folder (SPEC §5.5). null = none that we can run. */
export function findAdapter(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return EXTENSIONS.has(extname(path).toLowerCase()) ? path : null;
  const inFolder = NAMES.map((name) => join(path, name));
  return inFolder.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}
