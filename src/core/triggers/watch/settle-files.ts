import type { FileEvent, FileEventType } from './file-event.ts';
import { type Arrival, findMoves } from './find-moves.ts';
import type { GoneFile } from './gone-files.ts';
import type { KnownFile, WatchCursor } from './watch-cursor.ts';
import { hashFile, type SeenFile, type Sight } from './watched-file.ts';

/** Paths at rest, with what stands there, and what is needed to say what happened to them. */
export interface SettledFiles {
  readonly root: string;
  readonly sights: ReadonlyMap<string, Sight>;
  readonly cursor: WatchCursor;
  /** What was there (or not) when the watch began and is not told as long as it is the same. */
  readonly taken: ReadonlyMap<string, SeenFile | 'absent'>;
  /** Paths of which the system told by name. */
  readonly told: ReadonlySet<string>;
  /** Files that are already found gone, or about to be. */
  readonly goneElsewhere: readonly KnownFile[];
  readonly now: number;
}

/** What happened. */
export interface SettledOutcome {
  /** Created, modified and moved, in the order of the paths given. */
  readonly events: readonly FileEvent[];
  /** Same content, or taken in without a word: only the cursor learns of it. */
  readonly quiet: readonly KnownFile[];
  readonly gone: readonly GoneFile[];
  /** Known files that need no telling as gone: they moved, or took the place of another. */
  readonly followed: readonly string[];
  /** Files that changed while they were read. */
  readonly again: readonly string[];
}

const HASHES_AT_ONCE = 4;

interface Read {
  readonly seen: SeenFile;
  readonly known: KnownFile | null;
  readonly hash: string | null;
}

/** Says what happened to paths at rest (SPEC §7.2): created, modified, moved; gone is decided by the caller. Reads contents, writes nothing. */
export async function settleFiles(files: SettledFiles): Promise<SettledOutcome> {
  const quiet: KnownFile[] = [];
  const gone: GoneFile[] = [];
  const toRead: SeenFile[] = [];
  for (const [path, sight] of files.sights) {
    const known = files.cursor.find(path);
    const taken = files.taken.get(path);
    if (typeof sight === 'string') {
      if (known !== null) gone.push({ known, isTold: files.told.has(path), isSilent: taken === 'absent' });
    } else if (isSameFile(taken, sight)) quiet.push(toKnown(sight, null));
    else toRead.push(sight);
  }
  const { read, again } = await readAll(files, toRead);
  const arrivals = read.filter(({ known }) => known === null);
  const modified = read.filter(({ known }) => known !== null);
  const isSame = (file: Read): boolean => hasSameContent(file, files.told);
  const same = modified.filter(isSame);
  const saved = modified.filter((file) => !isSame(file));
  quiet.push(...same.map(({ seen, hash }) => toKnown(seen, hash)));
  const out = [...gone.filter(({ isSilent }) => !isSilent).map(({ known }) => known), ...files.goneElsewhere];
  const moves = findMoves(arrivals.map(toArrival), out);
  const moved = new Set([...moves.values()].map(({ path }) => path));
  // A file that was renamed onto another one: a slow atomic save. The other was modified, and nothing was deleted.
  const onto = findMoves(
    saved.map(toArrival),
    out.filter(({ path }) => !moved.has(path)),
  );
  const events = [
    ...saved.map((file) => toEvent('modified', file, { at: files.now, from: onto.get(file.seen.path) ?? null })),
    ...arrivals.map((file) => {
      const from = moves.get(file.seen.path) ?? null;
      return toEvent(from === null ? 'created' : 'moved', file, { at: files.now, from });
    }),
  ];
  const followed = [...moved, ...[...onto.values()].map(({ path }) => path)];
  return { events, quiet, gone: gone.filter(({ known }) => !followed.includes(known.path)), followed, again };
}

/** The event of a file that is gone. */
export function deletedEvent(known: KnownFile, at: number): FileEvent {
  const { path, size, mtimeMs, hash } = known;
  return { type: 'deleted', path, from: null, size, mtimeMs, hash, at, cursor: { put: [], drop: [path] } };
}

const isSameFile = (taken: SeenFile | 'absent' | undefined, seen: SeenFile): boolean =>
  taken !== undefined && taken !== 'absent' && hasSameLook(taken, seen) && taken.inode === seen.inode;

const hasSameLook = (one: SeenFile, other: SeenFile): boolean =>
  one.size === other.size && one.mtimeMs === other.mtimeMs;

const toKnown = (seen: SeenFile, hash: string | null): KnownFile => ({ ...seen, hash });

const toArrival = ({ seen, hash }: Read): Arrival => ({ ...seen, hash });

/**
 * A file whose content was never looked into is the same by its size and time. But disks write times in steps of milliseconds: where the
 * system told of another file that was put there, one of the same size and time is another one. (A tree that was only found otherwise, as
 * after a backup was brought back, has new numbers and the same files.)
 */
function hasSameContent({ seen, known, hash }: Read, told: ReadonlySet<string>): boolean {
  if (known === null) return false;
  if (known.hash !== null && hash !== null) return known.hash === hash;
  return hasSameLook(known, seen) && (known.inode === seen.inode || !told.has(seen.path));
}

function toEvent(
  type: FileEventType,
  { seen, hash }: Read,
  { at, from }: { readonly at: number; readonly from: KnownFile | null },
): FileEvent {
  const { path, size, mtimeMs } = seen;
  const cursor = { put: [toKnown(seen, hash)], drop: from === null ? [] : [from.path] };
  return { type, path, from: type === 'moved' ? (from?.path ?? null) : null, size, mtimeMs, hash, at, cursor };
}

async function readAll(
  { root, cursor, taken }: SettledFiles,
  files: readonly SeenFile[],
): Promise<{ readonly read: readonly Read[]; readonly again: readonly string[] }> {
  // What was still being written when the watch began is new once it is complete.
  const knownOf = (path: string): KnownFile | null =>
    typeof (taken.get(path) ?? 'absent') === 'string' ? cursor.find(path) : null;
  const read: Read[] = [];
  const again: string[] = [];
  for (let at = 0; at < files.length; at += HASHES_AT_ONCE) {
    const slice = files.slice(at, at + HASHES_AT_ONCE);
    const results = await Promise.all(slice.map((seen) => hashFile(root, seen)));
    for (const [index, seen] of slice.entries()) {
      const result = results[index] ?? 'unreadable';
      if (result === 'changed') again.push(seen.path);
      else read.push({ seen, known: knownOf(seen.path), hash: result === 'unreadable' ? null : result.hash });
    }
  }
  return { read, again };
}
