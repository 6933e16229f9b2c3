import type { FileUndoView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { FilesTaken, FilesUndoEnded, FilesUndoStarted, RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { FileUndoGap } from '../../shared/model/file-undo.ts';
import type { Span, Tree } from '../snapshots/index.ts';
import { actorText } from '../storage/index.ts';

/** What the journal of a run says about files. */
export type FileEvent = StoredEvent<FilesTaken | FilesUndoStarted | FilesUndoEnded>;

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

/** The undos of a run, oldest first. */
export function undosOf(events: readonly FileEvent[]): readonly FileUndoView[] {
  const undos = new Map<string, FileUndoView>();
  for (const { event, at, actor } of events) {
    if (event.type === 'files.undo_started')
      undos.set(event.name, { name: event.name, at, by: actorText(actor), undoes: event.undoes, counts: null });
    const known = event.type === 'files.undo_ended' ? undos.get(event.name) : undefined;
    if (event.type !== 'files.undo_ended' || known === undefined) continue;
    const { restored, kept, failed } = event;
    undos.set(event.name, { ...known, counts: { restored, kept, failed } });
  }
  return [...undos.values()];
}
