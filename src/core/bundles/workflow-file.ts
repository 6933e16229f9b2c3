import { open, readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { comparePaths } from './bundle-files.ts';

const PROSE_STEMS = new Set(['readme', 'changelog', 'license', 'contributing']);
const NAME_ORDER = ['workflow', 'main', 'index'] as const;

/** Whether a Markdown file is prose about its folder (readme, changelog, license, contributing), never a workflow. */
export function isProseFile(name: string): boolean {
  return PROSE_STEMS.has(parse(name).name.toLowerCase());
}

/** SPEC §6.1 on names alone: which of a folder's direct children is its workflow file, or null. */
export function pickWorkflowFile(names: readonly string[]): string | null {
  for (const preferred of ['workflow.md', 'main.md']) if (names.includes(preferred)) return preferred;
  const candidates = names
    .filter((name) => name.endsWith('.md') && !name.startsWith('.') && !isProseFile(name))
    .sort(comparePaths);
  for (const word of NAME_ORDER) {
    const found = candidates.find((name) => parse(name).name.toLowerCase().includes(word));
    if (found !== undefined) return found;
  }
  return candidates[0] ?? null;
}

/** The absolute path of a folder's workflow file (SPEC §6.1), or null. Never throws: an unreadable folder has none. */
export async function findWorkflowFile(folder: string): Promise<string | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const name = pickWorkflowFile(entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name));
  if (name === null) return null;
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? path : null;
}

async function beginsWithFrontmatter(path: string): Promise<boolean> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^\uFEFF?---[ \t]*(?:\r?\n|$)/.test(buffer.subarray(0, bytesRead).toString('utf8'));
  } finally {
    await handle.close();
  }
}

/** SPEC §6.1: a folder is a bundle iff it has a workflow file and (its tools folder exists or the file has frontmatter). */
export async function isBundleFolder(folder: string, toolsDir = 'tools'): Promise<boolean> {
  const file = await findWorkflowFile(folder);
  if (file === null) return false;
  const tools = await stat(join(folder, toolsDir)).catch(() => null);
  return tools?.isDirectory() === true || beginsWithFrontmatter(file);
}
