import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Throws away what a folder holds under names that are `isOwn` and was not touched since `instant` (UTC ms). Never throws. */
export function removeOlderThan(dir: string, instant: number, isOwn: (name: string) => boolean): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    return;
  }
  for (const name of names.filter(isOwn)) {
    try {
      if (statSync(join(dir, name)).mtimeMs < instant) rmSync(join(dir, name), { recursive: true, force: true });
    } catch {
      // In use or gone meanwhile: the next start tries again.
    }
  }
}
