import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { isInside } from '../../files/index.ts';

/**
 * `security.allowed_paths` for what is handed to a foreign server: every text that names a path (absolute, `~`, `file:` or with
 * `..`) must lie inside, links followed. Which folders the server opens by itself is not in our hands. `tool.denied`.
 */
export async function guardPaths(
  tool: string,
  args: JsonMap,
  allowed: { readonly paths: readonly string[]; readonly cwd: string },
): Promise<void> {
  if (allowed.paths.length === 0) return;
  const roots = await Promise.all(allowed.paths.map(realPath));
  for (const text of textsOf(args)) {
    const path = pathIn(text, allowed.cwd);
    if (path === null) continue;
    const real = await realPath(path);
    if (roots.some((root) => isInside(root, real))) continue;
    throw new AppError('tool.denied', `The tool '${tool}' may not be given the path ${text.slice(0, 300)}.`, {
      hint: "Its 'security.allowed_paths' in the registry name the folders that it may work in.",
    });
  }
}

function* textsOf(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* textsOf(inner);
}

function pathIn(text: string, cwd: string): string | null {
  if (/^file:/i.test(text)) {
    try {
      return fileURLToPath(text);
    } catch {
      return text;
    }
  }
  if (/^~(?:[/\\]|$)/.test(text)) return join(homedir(), text.slice(1));
  if (isAbsolute(text) || win32.isAbsolute(text)) return text;
  return text.split(/[/\\]/).includes('..') ? resolve(cwd, text) : null;
}

/** With links followed as far as the path exists. */
async function realPath(path: string): Promise<string> {
  const absolute = resolve(path);
  const found = await realpath(absolute).catch(() => null);
  if (found !== null) return found;
  const parent = dirname(absolute);
  return parent === absolute ? absolute : join(await realPath(parent), basename(absolute));
}
