import type { FileUndoView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  FilesCopied,
  FilesDeclined,
  FilesOffered,
  FilesTaken,
  FilesUndoEnded,
  FilesUndoStarted,
  RunEvent,
  StoredEvent,
} from '../../shared/model/events.ts';
import type { FileUndoGap } from '../../shared/model/file-undo.ts';
import type { Span, Tree } from '../snapshots/index.ts';
import { actorText } from '../storage/index.ts';

/** What the journal of a run says about files. */
export type FileEvent = StoredEvent<
  FilesCopied | FilesDeclined | FilesOffered | FilesTaken | FilesUndoStarted | FilesUndoEnded
>;

/** Those among the events of a run. */
export const fileEventsOf = (events: readonly StoredEvent<RunEvent>[]): readonly FileEvent[] =>
  events.filter((one): one is FileEvent => one.event.type.startsWith('files.'));

/**
 * What attempts found and left, in the order in which they ended; `step` = only those of one step. An attempt that was cut short ends where the
 * next one of its step begins. What was not taken down is a gap: nothing older stands in for it.
 */
export async function spansOf(
  events: readonly FileEvent[],
  read: (tree: string) => Promise<Tree>,
  step?: string,
): Promise<{ readonly spans: readonly Span[]; readonly gaps: readonly FileUndoGap[] }> {
  const open = new Map<string, FilesTaken>();
  const pairs: { readonly before: FilesTaken; readonly after: FilesTaken }[] = [];
  for (const { event } of events) {
    if (event.type !== 'files.taken' || (step !== undefined && event.path !== step)) continue;
    const before = open.get(event.path);
    if (before !== undefined) pairs.push({ before, after: event });
    if (event.when === 'after') open.delete(event.path);
    else open.set(event.path, event);
  }
  const spans: Span[] = [];
  const gaps: FileUndoGap[] = [...open.values()].map(({ path }) => ({ step: path, error: CUT_SHORT.toRecord() }));
  for (const { before, after } of pairs) {
    const problem = before.problem ?? after.problem;
    try {
      if (before.tree === null || after.tree === null)
        throw problem === undefined ? CUT_SHORT : AppError.fromRecord(problem);
      spans.push({ step: before.path, before: await read(before.tree), after: await read(after.tree) });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (!gaps.some(({ step: known }) => known === before.path))
        gaps.push({ step: before.path, error: thrown.toRecord() });
    }
  }
  return { spans, gaps };
}

const CUT_SHORT = new AppError('undo.not_taken', 'It was cut short, and nobody knows what it left.');

/** What put files in the place of others: undos, and changes that were taken over from a copy. */
export interface FileExchange extends FileUndoView {
  /** The hash of the change that was taken over; null = it is an undo. */
  readonly takes: string | null;
}

/** The undos of a run, oldest first. */
export const undosOf = (events: readonly FileEvent[]): readonly FileUndoView[] =>
  exchangesOf(events).flatMap(({ takes, ...undo }) => (takes === null ? [undo] : []));

/** All that put files in the place of others, oldest first. */
export function exchangesOf(events: readonly FileEvent[]): readonly FileExchange[] {
  const found = new Map<string, FileExchange>();
  for (const { event, at, actor } of events) {
    if (event.type === 'files.undo_started') {
      const { name, undoes, takes = null } = event;
      found.set(name, { name, at, by: actorText(actor), undoes, takes, counts: null });
    }
    const known = event.type === 'files.undo_ended' ? found.get(event.name) : undefined;
    if (event.type !== 'files.undo_ended' || known === undefined) continue;
    const { restored, kept, failed } = event;
    found.set(event.name, { ...known, counts: { restored, kept, failed } });
  }
  return [...found.values()];
}

/** How the copy stands in which a run has worked. */
export interface CopyState {
  /** Name of the snapshot of what was copied. */
  readonly base: string;
  /** The last that was offered. */
  readonly offer: Pick<FilesOffered, 'tree' | 'hash'> | null;
  /** How it was decided; null = it is not. What could not be taken over is not decided. */
  readonly end: 'taken' | 'declined' | 'unchanged' | null;
  /** The last that was taken over. */
  readonly taken: FileExchange | null;
}

/** The last copy in which a run has worked; null = it worked in none. */
export function copyStateOf(events: readonly FileEvent[]): CopyState | null {
  const exchanges = new Map(exchangesOf(events).map((one) => [one.name, one]));
  let state: CopyState | null = null;
  for (const { event } of events) {
    if (event.type === 'files.copied') state = { base: event.tree, offer: null, end: null, taken: null };
    if (state === null) continue;
    if (event.type === 'files.offered') state = { ...state, offer: event, end: null };
    if (event.type === 'files.declined') state = { ...state, end: event.hash === null ? 'unchanged' : 'declined' };
    const taken = event.type === 'files.undo_ended' ? exchanges.get(event.name) : undefined;
    if (taken === undefined || taken.takes === null) continue;
    const isAll = taken.counts?.kept === 0 && taken.counts.failed === 0;
    state = { ...state, taken, end: isAll ? 'taken' : state.end };
  }
  return state;
}
