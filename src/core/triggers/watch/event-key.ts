import { sha256Hex } from '../../crypto/index.ts';
import type { KnownFile } from './watch-cursor.ts';
import type { SeenFile } from './watched-file.ts';

/** A name for what happened that is the same however often it is found, and another one as soon as anything else happens. */
export function eventKey(type: string, known: KnownFile | null, seen: SeenFile | null): string {
  const before = known === null ? null : [known.path, known.size, known.mtimeMs, known.hash];
  const after = seen === null ? null : [seen.path, seen.size, seen.mtimeMs, seen.ctimeMs];
  return sha256Hex(JSON.stringify([type, before, after])).slice(0, 32);
}
