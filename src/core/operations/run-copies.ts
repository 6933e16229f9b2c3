import { realpath, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type {
  FileUndoChoice,
  FileUndoResult,
  FileUndoTexts,
  TakeChange,
  TakePlan,
  TakeState,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { FilesCopied } from '../../shared/model/events.ts';
import type { FileEntry, FilePlace } from '../../shared/model/file-undo.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { sha256Hex } from '../crypto/index.ts';
import { ENGINE_ACTOR, type Engine, isEnded, type SecretRun } from '../engine/index.ts';
import { isInside, resolveInside } from '../files/index.ts';
import {
  absoluteOf,
  entryAt,
  isSame,
  keptText,
  keyOf,
  type NetChange,
  netChanges,
  placeOf,
  type Roots,
  renamesIn,
  restore,
  type SnapshotStore,
  standingText,
  type Tree,
} from '../snapshots/index.ts';
import { failpoint, type Store } from '../storage/index.ts';
import { countsOf, foldersAround, isFolder, problemOf } from './file-changes.ts';
import { type CopyState, copyStateOf, exchangesOf, type FileEvent, fileEventsOf, spansOf } from './file-events.ts';

interface RunCopiesOptions {
  readonly project: string;
  readonly snapshots: SnapshotStore;
  readonly store: Store;
  readonly engine: () => Pick<Engine, 'afterEnd'>;
  readonly runDir: (runId: string) => string;
  /** Something is to be decided about: the people are asked who decide. */
  readonly onOffered: (runId: string) => Promise<void>;
  /** Goes on with what was cut short of taking over or taking back. */
  readonly goOn: (runId: string, write: Parameters<Parameters<Engine['afterEnd']>[1]>[0]) => Promise<void>;
}

/** Which of the changes are taken over: absent = all, none of which was changed in the project meanwhile. */
export type TakeChoice = Pick<FileUndoChoice, 'places' | 'overwrite'>;

type Changes = ReadonlyMap<string, NetChange>;

/**
 * Copies of the workspace in which runs work, and what is taken over of them. Invariants:
 * 1. A copy stands until all of it was decided about: taken over or declined.
 * 2. What is decided about are the contents that were kept when it was offered, not what stands in the copy later.
 * 3. What somebody changed in the project since it was copied is replaced only where it is named.
 */
export class RunCopies {
  readonly #options: RunCopiesOptions;
  /** Why what stands in a copy could not be read. */
  readonly #problems = new Map<string, AppError>();

  constructor(options: RunCopiesOptions) {
    this.#options = options;
  }

  /** Where the steps of a run work: its own copy, or that of the run above; null = in the project. */
  async folderOf(runId: string): Promise<string | null> {
    const { snapshots, store } = this.#options;
    for (let id: string | null = runId; id !== null; id = store.runs.find(id)?.parentRunId ?? null)
      if (await isThere(snapshots.copyOf(id))) return snapshots.copyOf(id);
    return null;
  }

  /** Makes the copy in which a run works; null = it is there. Errors: `copy.not_made`, `copy.gone`, `undo.*`. */
  async open({ runId, created }: SecretRun, workflow: Workflow): Promise<FilesCopied | null> {
    const { snapshots, project, runDir } = this.#options;
    if (created.parentRunId !== null && (await this.folderOf(created.parentRunId)) !== null) return null;
    const state = copyStateOf(this.#eventsOf(runId));
    if (state !== null && state.end === null) {
      if (await isThere(snapshots.copyOf(runId))) return null;
      throw new AppError('copy.gone', 'The copy of the workspace in which this run worked is gone.', {
        hint: 'Retry the run: a new one gets a new copy.',
      });
    }
    failpoint('copy.begun');
    const request = {
      runId,
      project: await realpath(project),
      patterns: workflow.workspace ?? [],
      runFolder: runDir(runId),
    };
    const made = await snapshots.copy(request, (point) => failpoint(`copy.${point}`));
    failpoint('copy.made');
    return { type: 'files.copied', ...made };
  }

  /** Where a file of the project is written by a run: in its copy, where it has one. `path` = a real path. Errors: `file.outside`. */
  async inCopy(runId: string, path: string): Promise<string> {
    const [copy, project] = [await this.folderOf(runId), await realpath(this.#options.project)];
    const own = await realpath(this.#options.runDir(runId));
    if (copy === null || isInside(own, path) || !isInside(project, path)) return path;
    return resolveInside(await realpath(copy), relative(project, path));
  }

  /** A run has ended: what it changed in its copy is offered, or the copy goes. Done again it does the same. */
  async offer(runId: string): Promise<void> {
    const { snapshots, engine } = this.#options;
    if (!(await isThere(snapshots.copyOf(runId)))) return;
    this.#problems.delete(runId);
    let isOffered = false;
    const work: Parameters<Engine['afterEnd']>[1] = async (write) => {
      await this.#options.goOn(runId, write);
      const state = copyStateOf(this.#eventsOf(runId));
      if (state === null || state.end !== null) return snapshots.dropCopy(runId);
      const project = await realpath(snapshots.copyOf(runId));
      const { tree } = await snapshots.take({
        runId,
        project,
        patterns: ['**'],
        runFolder: this.#options.runDir(runId),
      });
      const changes = await this.#changesOf(runId, { base: state.base, tree });
      failpoint('copy.read');
      if (changes.size === 0) {
        await write({ type: 'files.declined', hash: null });
        return snapshots.dropCopy(runId);
      }
      const hash = hashOf(changes);
      const files = shownOf(changes).length;
      if (state.offer?.hash !== hash) await write({ type: 'files.offered', tree, hash, files });
      failpoint('copy.offered');
      isOffered = true;
    };
    await engine()
      .afterEnd(runId, work, ENGINE_ACTOR)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof AppError)) throw thrown;
        this.#problems.set(runId, thrown);
      });
    if (isOffered) await this.#options.onOffered(runId);
  }

  /** What is offered, against what stands in the project now. */
  async plan(runId: string): Promise<Omit<TakePlan, 'approvalId'>> {
    const none = { hash: null, changes: [], counts: null, problem: null };
    const events = this.#eventsOf(runId);
    const state = copyStateOf(events);
    if (state === null) return { status: 'none', ...none };
    const counts = state.taken?.counts ?? null;
    if (state.end !== null) return { status: state.end, ...none, counts };
    const run = this.#options.store.runs.find(runId);
    if (run === null || !isEnded(run.status)) return { status: 'working', ...none };
    const problem = this.#problems.get(runId);
    if (problem !== undefined) return { status: 'failed', ...none, problem: problem.toRecord() };
    if (state.offer === null) return { status: 'working', ...none };
    const changes = await this.#changesOf(runId, { base: state.base, tree: state.offer.tree });
    return {
      status: 'offered',
      hash: state.offer.hash,
      changes: await this.#shown(runId, changes, events),
      counts,
      problem: null,
    };
  }

  /** The hash of what is to be decided about now; null = nothing is. */
  hashOf(runId: string): string | null {
    const run = this.#options.store.runs.find(runId);
    if (run === null || !isEnded(run.status)) return null;
    const state = copyStateOf(this.#eventsOf(runId));
    return state === null || state.end !== null ? null : (state.offer?.hash ?? null);
  }

  /** What a file held when it was copied, holds in the copy and in the project. Errors: `copy.nothing`, `undo.gone`, `file.outside`. */
  async read(runId: string, place: FilePlace): Promise<FileUndoTexts> {
    const key = keyOf(place);
    const state = copyStateOf(this.#eventsOf(runId));
    const change =
      state?.offer == null
        ? undefined
        : (await this.#changesOf(runId, { base: state.base, tree: state.offer.tree })).get(key);
    if (change === undefined)
      throw new AppError('copy.nothing', `The run changed nothing at '${place.path}' in its copy.`);
    const contentOf = (hash: string): string => this.#options.snapshots.fileOf(hash);
    return {
      before: await keptText(change.before, contentOf),
      after: await keptText(change.after, contentOf),
      now: await standingText(key, await this.#roots(runId)),
    };
  }

  /** Refuses a decision that leaves open what becomes of a file which somebody changed meanwhile. Errors: `copy.changed`, `copy.nothing`. */
  async check(runId: string, hash: string, choice: TakeChoice): Promise<void> {
    const { keys, conflicts } = await this.#choose(runId, hash, choice);
    if (choice.places === undefined && conflicts.length > 0) throw changedMeanwhile(conflicts);
    if (choice.places !== undefined && keys.length === 0) throw new AppError('copy.nothing', 'No file was chosen.');
  }

  /** Takes changes over into the project, each file whole. Asked for twice, it is done once. Errors: `copy.*`, `undo.*`, `run.illegal_state`. */
  async take(runId: string, hash: string, choice: TakeChoice, actor: Actor): Promise<FileUndoResult | null> {
    const { engine, snapshots } = this.#options;
    let result: FileUndoResult | null = null;
    await engine().afterEnd(
      runId,
      async (write) => {
        await this.#options.goOn(runId, write);
        const before = copyStateOf(this.#eventsOf(runId));
        if (before?.end != null) return snapshots.dropCopy(runId);
        const { keys, changes } = await this.#choose(runId, hash, choice);
        const roots = await this.#roots(runId);
        const [from, to] = [new Map<string, FileEntry>(), new Map<string, FileEntry>()];
        for (const key of keys) {
          const [now, wanted] = [await entryAt(absoluteOf(key, roots)), changes.get(key)?.after ?? null];
          if (now !== null) from.set(key, now);
          if (wanted !== null) to.set(key, wanted);
        }
        const name = `take-${exchangesOf(this.#eventsOf(runId)).filter(({ takes }) => takes !== null).length + 1}`;
        await snapshots.exchange(runId, name, {
          places: new Map(keys.map((key) => [key, absoluteOf(key, roots)])),
          to,
        });
        failpoint('take.kept');
        await write({ type: 'files.undo_started', name, undoes: null, takes: hash, files: keys.length });
        failpoint('take.begun');
        const restored = await restore({
          ...{ from, to, roots, name: `${runId} ${name}` },
          contentOf: (content) => snapshots.fileOf(content),
          reach: (point) => failpoint(`take.${point}`),
        });
        failpoint('take.restored');
        await write({ type: 'files.undo_ended', name, ...countsOf(restored) });
        result = { name, ...countsOf(restored), problems: restored.flatMap(problemOf) };
        failpoint('take.ended');
        if (result.problems.length === 0) await snapshots.dropCopy(runId);
      },
      actor,
    );
    return result;
  }

  /** Takes nothing over. Asked for twice, it is done once. */
  async decline(runId: string, hash: string, actor: Actor): Promise<void> {
    const { engine, snapshots } = this.#options;
    await engine().afterEnd(
      runId,
      async (write) => {
        const state = copyStateOf(this.#eventsOf(runId));
        if (state === null || (state.end === null && state.offer?.hash !== hash)) return;
        if (state.end === null) await write({ type: 'files.declined', hash });
        failpoint('take.declined');
        await snapshots.dropCopy(runId);
      },
      actor,
    );
  }

  /** Goes on with what an app that died has left: copies of which nobody knows go, those of ended runs are offered. */
  async recover(): Promise<void> {
    const { snapshots, store } = this.#options;
    for (const runId of await snapshots.copies()) {
      const run = store.runs.find(runId);
      if (run === null) await snapshots.dropCopy(runId);
      else if (isEnded(run.status)) await this.offer(runId);
    }
  }

  /** Every path is either named by the choice or left. */
  async #choose(runId: string, hash: string, { places, overwrite = [] }: TakeChoice) {
    const state = copyStateOf(this.#eventsOf(runId));
    if (state?.offer == null || state.offer.hash !== hash)
      throw new AppError('copy.changed', 'What the run would change is another by now: look at it again.');
    const changes = await this.#changesOf(runId, { base: state.base, tree: state.offer.tree });
    const roots = await this.#roots(runId);
    const forced = new Set(overwrite.map(keyOf));
    const wanted = places === undefined ? null : new Set([...places, ...overwrite].map(keyOf));
    const around = foldersAround(wanted ?? []);
    const [keys, conflicts] = [[] as string[], [] as string[]];
    for (const [key, change] of changes) {
      if (wanted !== null && !wanted.has(key) && !(isFolder(change) && around.has(key))) continue;
      const standing = stateOf(change, await entryAt(absoluteOf(key, roots)));
      if (standing === 'changed_since' && !forced.has(key)) {
        // A folder that holds something else now stays; that is nothing to decide about.
        if (!isFolder(change)) conflicts.push(key);
      } else if (standing !== 'taken') keys.push(key);
    }
    return { changes, keys, conflicts };
  }

  async #shown(runId: string, changes: Changes, events: readonly FileEvent[]): Promise<readonly TakeChange[]> {
    const roots = await this.#roots(runId);
    const renamed = renamesIn(changes);
    const { spans } = await spansOf(events, (tree) => this.#options.snapshots.read(runId, tree));
    const made = netChanges(spans);
    const shown: TakeChange[] = [];
    for (const [key, change] of shownOf(changes)) {
      const { before, after } = change;
      const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
      const state = stateOf(change, await entryAt(absoluteOf(key, roots)));
      const steps = made.get(key)?.steps ?? [];
      shown.push({ ...placeOf(key), change: kind, state, before, after, steps, renamed: renamed.get(key) ?? null });
    }
    return shown;
  }

  async #changesOf(
    runId: string,
    { base, tree }: Pick<CopyState, 'base'> & { readonly tree: string },
  ): Promise<Changes> {
    const { snapshots } = this.#options;
    const [before, after] = [await snapshots.read(runId, base), await snapshots.read(runId, tree)];
    return netChanges([{ step: '', before: ofProject(before), after: ofProject(after) }]);
  }

  #eventsOf(runId: string): readonly FileEvent[] {
    return fileEventsOf(this.#options.store.journal.readRun(runId));
  }

  async #roots(runId: string): Promise<Roots> {
    const runDir = this.#options.runDir(runId);
    return { project: await realpath(this.#options.project), run: await realpath(runDir).catch(() => runDir) };
  }
}

const ofProject = (tree: Tree): Tree => new Map([...tree].filter(([key]) => placeOf(key).root === 'project'));

function stateOf({ before, after }: NetChange, now: FileEntry | null): TakeState {
  if (isSame(now, after)) return 'taken';
  return isSame(now, before) ? 'free' : 'changed_since';
}

/** In order, without folders that come or go with what is in them. */
function shownOf(changes: Changes): readonly (readonly [string, NetChange])[] {
  const around = foldersAround(changes.keys());
  return [...changes]
    .filter(([key, change]) => !isFolder(change) || !around.has(key))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The same change has the same hash. */
const hashOf = (changes: Changes): string =>
  sha256Hex(
    JSON.stringify(
      [...changes]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, { before, after }]) => [key, before, after]),
    ),
  );

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

function changedMeanwhile(keys: readonly string[]): AppError {
  const paths = keys.map((key) => placeOf(key).path);
  return new AppError('copy.changed', `Changed in the project since it was copied: ${paths.slice(0, 10).join(', ')}`, {
    hint: 'Say for each of them on the page of the run whether it is overwritten or stays, or use runs take.',
    details: { files: paths.slice(0, 100) },
  });
}
