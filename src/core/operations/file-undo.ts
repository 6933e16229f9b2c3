import { realpath } from 'node:fs/promises';
import type { FileUndoChoice, FileUndoPlan, FileUndoResult, FileUndoTexts } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { FilesUndoEnded, FilesUndoStarted } from '../../shared/model/events.ts';
import type { FileChange, FileEntry, FilePlace } from '../../shared/model/file-undo.ts';
import type { Actor } from '../../shared/model/run.ts';
import { ENGINE_ACTOR, type Engine, type EngineHost, type FilesAnswer } from '../engine/index.ts';
import {
  absoluteOf,
  entryAt,
  isSame,
  keptText,
  keyOf,
  meetsWorkspace,
  type NetChange,
  netChanges,
  placeOf,
  type Restored,
  type Roots,
  renamesIn,
  restore,
  type SnapshotStore,
  type Span,
  standingText,
  type Tree,
} from '../snapshots/index.ts';
import { failpoint, type Store } from '../storage/index.ts';
import { countsOf, foldersAround, isFolder, pathsOf, problemOf, side } from './file-changes.ts';
import { exchangesOf, type FileEvent, fileEventsOf, spansOf, undosOf } from './file-events.ts';

interface FileUndoOptions {
  readonly project: string;
  readonly snapshots: SnapshotStore;
  readonly store: Store;
  readonly engine: () => Pick<Engine, 'afterEnd'>;
  readonly runDir: (runId: string) => string;
  /** The copy in which a run works; null = it works in the project. */
  readonly copyOf: (runId: string) => Promise<string | null>;
}

/** What is to stand instead of what. */
interface Exchange {
  readonly from: Tree;
  readonly to: Tree;
  /** Left as they are: somebody changed them meanwhile. */
  readonly kept: readonly string[];
}

type Write = (event: FilesUndoStarted | FilesUndoEnded) => Promise<void>;

/** What runs have done to files: taken down around their steps, and taken back (SPEC §3.10). */
export class FileUndo implements Pick<EngineHost, 'takeFiles' | 'restoreFiles'> {
  readonly #options: FileUndoOptions;

  constructor(options: FileUndoOptions) {
    this.#options = options;
  }

  async takeFiles(runId: string, patterns: readonly string[]): Promise<FilesAnswer> {
    try {
      const { project, run } = await this.#workRoots(runId);
      const { tree, droppedRuns } = await this.#options.snapshots.take({ runId, project, patterns, runFolder: run });
      const message = `To make room, what was kept to undo ${droppedRuns} older run(s) was removed.`;
      return { taken: { tree }, warnings: droppedRuns === 0 ? [] : [{ code: 'undo.no_room', message }] };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const message = `What this step does to files cannot be undone: ${thrown.message}`;
      return { taken: { tree: null, problem: thrown.toRecord() }, warnings: [{ code: thrown.code, message }] };
    }
  }

  async restoreFiles(runId: string, step: string, patterns: readonly string[] | null): Promise<readonly string[]> {
    const { spans, gaps } = await this.#spansOf(runId, this.#eventsOf(runId), step);
    const [gap] = gaps;
    if (gap !== undefined) throw AppError.fromRecord(gap.error);
    if (spans.length === 0)
      throw new AppError('undo.nothing', `Nothing was taken down around the step '${step}'.`, {
        hint: "Name what it may change under 'workspace'.",
      });
    const found = [...netChanges(spans)].filter(
      ([key]) => patterns === null || meetsWorkspace(placeOf(key).path, patterns),
    );
    const changes = new Map(found);
    const [from, to] = [side(changes, 'after'), side(changes, 'before')];
    const results = await this.#restore(runId, step, { from, to }, await this.#workRoots(runId));
    const failed = results.find((one) => one.as === 'failed');
    if (failed?.as === 'failed') throw AppError.fromRecord(failed.error);
    const kept = pathsOf(results, 'changed_since');
    if (kept.length > 0)
      throw new AppError('undo.changed_since', `Changed since, and left as they are: ${kept.slice(0, 10).join(', ')}`, {
        hint: 'Look at them and put them right by hand.',
        details: { files: kept.length },
      });
    return pathsOf(results, 'restored');
  }

  /** What can be taken back of a run, and what was. */
  async plan(runId: string): Promise<FileUndoPlan> {
    const events = this.#eventsOf(runId);
    const { spans, gaps, stepsOf } = await this.#undoable(runId, events);
    const roots = await this.#roots(runId);
    const changes = netChanges(spans);
    const shown: FileChange[] = [];
    const around = foldersAround(changes.keys());
    const renamed = renamesIn(changes);
    // Nobody has to be told of a folder that came or went with what is in it.
    for (const [key, change] of [...changes].sort(([one], [other]) => (one < other ? -1 : 1)))
      if (!isFolder(change) || !around.has(key)) {
        const { before, after, steps } = change;
        const kind: FileChange['change'] = before === null ? 'added' : after === null ? 'removed' : 'changed';
        const state = stateOf(change, await entryAt(absoluteOf(key, roots)));
        const made = { change: kind, state, before, after, steps: stepsOf(key) ?? steps };
        shown.push({ ...placeOf(key), ...made, renamed: renamed.get(key) ?? null });
      }
    return { isCovered: spans.length + gaps.length > 0, changes: shown, gaps, undos: undosOf(events) };
  }

  /** What a file that the run changed held before and after it, and holds now. `undo.nothing`, `undo.gone`, `file.outside` */
  async read(runId: string, place: FilePlace): Promise<FileUndoTexts> {
    const key = keyOf(place);
    const change = netChanges((await this.#undoable(runId, this.#eventsOf(runId))).spans).get(key);
    if (change === undefined)
      throw new AppError('undo.nothing', `The run changed nothing at '${place.path}'.`, {
        hint: 'The plan of the undo names the files that it changed.',
      });
    const contentOf = (hash: string): string => this.#options.snapshots.fileOf(hash);
    return {
      before: await keptText(change.before, contentOf),
      after: await keptText(change.after, contentOf),
      now: await standingText(key, await this.#roots(runId)),
    };
  }

  /** Takes back what a run has done to files, or an undo. Errors: `undo.*`, `run.illegal_state`. */
  async undo(runId: string, choice: FileUndoChoice, actor: Actor): Promise<FileUndoResult> {
    const done = Promise.withResolvers<FileUndoResult>();
    await this.#options.engine().afterEnd(
      runId,
      async (write) => {
        await this.goOn(runId, write);
        const { from, to, kept } = await this.#choose(runId, choice);
        const keys = new Set([...from.keys(), ...to.keys()]);
        if (keys.size === 0) throw nothingToUndo(kept);
        const roots = await this.#roots(runId);
        const name = `undo-${undosOf(this.#eventsOf(runId)).length + 1}`;
        const places = new Map([...keys].map((key) => [key, absoluteOf(key, roots)]));
        await this.#options.snapshots.exchange(runId, name, { places, to });
        failpoint('undo.kept');
        await write({ type: 'files.undo_started', name, undoes: choice.undoes ?? null, files: keys.size });
        failpoint('undo.begun');
        const restored = await this.#restore(runId, name, { from, to }, roots);
        failpoint('undo.restored');
        const results = [...restored, ...kept.map((key) => ({ key, as: 'changed_since' }) as const)];
        await write({ type: 'files.undo_ended', name, ...countsOf(results) });
        done.resolve({ name, ...countsOf(results), problems: results.flatMap(problemOf) });
      },
      actor,
    );
    return done.promise;
  }

  /** Nothing of a run can be taken back any more. */
  forget(runId: string): Promise<void> {
    return this.#options.snapshots.forget(runId);
  }

  /** Goes on with what an app that died has begun. */
  async recover(): Promise<void> {
    for (const runId of await this.#options.snapshots.runsWithExchanges())
      if (
        this.#options.store.runs.find(runId) !== null &&
        exchangesOf(this.#eventsOf(runId)).some(({ counts }) => counts === null)
      )
        await this.#options.engine().afterEnd(runId, (write) => this.goOn(runId, write), ENGINE_ACTOR);
  }

  /** Goes on with what was begun on the files of a run and is not ended. */
  async goOn(runId: string, write: Write): Promise<void> {
    const { snapshots } = this.#options;
    const roots = await this.#roots(runId);
    for (const { name, counts } of exchangesOf(this.#eventsOf(runId))) {
      if (counts !== null) continue;
      const [from, to] = [await snapshots.read(runId, `${name}.from`), await snapshots.read(runId, `${name}.to`)];
      await write({
        type: 'files.undo_ended',
        name,
        ...countsOf(await this.#restore(runId, name, { from, to }, roots)),
      });
    }
  }

  async #choose(runId: string, { places, overwrite = [], undoes }: FileUndoChoice): Promise<Exchange> {
    const events = this.#eventsOf(runId);
    const forced = new Set(overwrite.map(keyOf));
    const roots = await this.#roots(runId);
    const [from, to, kept] = [new Map<string, FileEntry>(), new Map<string, FileEntry>(), [] as string[]];
    const changes =
      undoes === undefined
        ? netChanges((await this.#undoable(runId, events)).spans)
        : await this.#changesOfUndo(runId, undoes, events);
    const wanted = places === undefined ? null : new Set([...places, ...overwrite].map(keyOf));
    const around = foldersAround(wanted ?? []);
    for (const [key, change] of changes) {
      if (wanted !== null && !wanted.has(key) && !(isFolder(change) && around.has(key))) continue;
      const now = await entryAt(absoluteOf(key, roots));
      const state = stateOf(change, now);
      if (state === 'undone') continue;
      if (state === 'changed_since' && !forced.has(key)) kept.push(key);
      else {
        if (now !== null) from.set(key, now);
        if (change.before !== null) to.set(key, change.before);
      }
    }
    return { from, to, kept };
  }

  /** What an undo did, as changes. */
  async #changesOfUndo(
    runId: string,
    name: string,
    events: readonly FileEvent[],
  ): Promise<ReadonlyMap<string, NetChange>> {
    if (!undosOf(events).some((one) => one.name === name))
      throw new AppError('undo.nothing', `This run has no undo '${name}'.`, {
        hint: `Undos: ${
          undosOf(events)
            .map((one) => one.name)
            .join(', ') || 'none'
        }.`,
      });
    const { snapshots } = this.#options;
    const [before, after] = [await snapshots.read(runId, `${name}.from`), await snapshots.read(runId, `${name}.to`)];
    return netChanges([{ step: name, before, after }]);
  }

  #restore(
    runId: string,
    name: string,
    ends: Pick<Exchange, 'from' | 'to'>,
    roots: Roots,
  ): Promise<readonly Restored[]> {
    return restore({
      ...{ ...ends, roots, name: `${runId} ${name}` },
      contentOf: (hash) => this.#options.snapshots.fileOf(hash),
      reach: (point) => failpoint(`undo.${point}`),
    });
  }

  #eventsOf(runId: string): readonly FileEvent[] {
    return fileEventsOf(this.#options.store.journal.readRun(runId));
  }

  #spansOf(runId: string, events: readonly FileEvent[], step?: string): ReturnType<typeof spansOf> {
    return spansOf(events, (tree) => this.#read(runId, tree), step);
  }

  /**
   * What can be taken back. A run that worked in a copy has changed in the project what was taken over of it; what its steps did in the copy
   * went with that.
   */
  async #undoable(runId: string, events: readonly FileEvent[]) {
    const found = await this.#spansOf(runId, events);
    if (!events.some(({ event }) => event.type === 'files.copied'))
      return { ...found, stepsOf: (): undefined => undefined };
    const made = netChanges(found.spans);
    const ownFolder = (tree: Tree): Tree => new Map([...tree].filter(([key]) => placeOf(key).root === 'run'));
    const spans: Span[] = found.spans.map(({ step, before, after }) => ({
      ...{ step, before: ownFolder(before), after: ownFolder(after) },
    }));
    for (const { name, takes, counts } of exchangesOf(events))
      if (takes !== null && counts !== null) {
        const [before, after] = [await this.#read(runId, `${name}.from`), await this.#read(runId, `${name}.to`)];
        spans.push({ step: name, before, after });
      }
    return { spans, gaps: found.gaps, stepsOf: (key: string) => made.get(key)?.steps };
  }

  #read(runId: string, tree: string): Promise<Tree> {
    return this.#options.snapshots.read(runId, tree);
  }

  /** Where the steps of a run work. */
  async #workRoots(runId: string): Promise<Roots> {
    const [roots, copy] = [await this.#roots(runId), await this.#options.copyOf(runId)];
    return copy === null ? roots : { ...roots, project: copy };
  }

  async #roots(runId: string): Promise<Roots> {
    const runDir = this.#options.runDir(runId);
    return { project: await realpath(this.#options.project), run: await realpath(runDir).catch(() => runDir) };
  }
}

function stateOf({ before, after, isMixed }: NetChange, now: FileEntry | null): FileChange['state'] {
  if (isSame(now, before)) return 'undone';
  return isSame(now, after) && !isMixed ? 'undoable' : 'changed_since';
}

const nothingToUndo = (kept: readonly string[]): AppError =>
  kept.length === 0
    ? new AppError('undo.nothing', 'There is nothing to take back.', { hint: 'The files are as they were before.' })
    : new AppError('undo.changed_since', `All of it was changed since and stays as it is (${kept.length}).`, {
        hint: 'Name the files that are to be overwritten all the same.',
        details: { files: kept.map((key) => placeOf(key).path).slice(0, 100) },
      });
