import type { ParsedInputOf, WatchSummary } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { randomHex, sha256Hex } from '../crypto/index.ts';
import type { LibraryItem } from '../projects/index.ts';
import {
  chainAfter,
  chokidarHints,
  type FileWriter,
  isNetworkFolder,
  type TriggerInlet,
  type TriggerRegistry,
  toTrigger,
  WatchPart,
  WrittenFiles,
  type WrittenTrigger,
} from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The file watches of an open project, and what its runs write, so that they do not start themselves (SPEC §7.2). */
export class ProjectWatches {
  readonly part: WatchPart;
  readonly #session: ProjectSession;
  readonly #written = new WrittenFiles();
  readonly #registry: TriggerRegistry;
  /** Watches that are written nowhere, by key. */
  readonly #opened = new Map<string, WrittenTrigger>();

  constructor(
    session: ProjectSession,
    parts: {
      readonly inlet: TriggerInlet;
      readonly registry: TriggerRegistry;
      readonly onChange: () => void;
      readonly onBug: (error: unknown) => void;
    },
  ) {
    const { inlet, registry, onChange, onBug } = parts;
    const { store, clock, paths } = session;
    this.#session = session;
    this.#registry = registry;
    this.part = new WatchPart({
      ...{ inlet, clock, onChange, onBug },
      place: { project: paths.project, stateDir: paths.stateDir },
      files: store.watchedFiles,
      findWriter: (path, hash) => this.#findWriter(path, hash),
      hints: chokidarHints,
      isNetwork: isNetworkFolder,
      newId: () => randomHex(16),
      notice: (key, notice) => registry.notice(key, notice),
      pause: (key, reason) => registry.pause(key, { at: clock.now(), by: 'system', until: null, reason }),
    });
  }

  /** A run is about to write this text to this real path. */
  noteWritten(runId: string, path: string, text: string): void {
    this.#written.note(path, { runId, hash: sha256Hex(text) });
  }

  /** The triggers of watches that are written nowhere. */
  opened(): readonly WrittenTrigger[] {
    return [...this.#opened.values()];
  }

  list(): readonly WatchSummary[] {
    return this.part.list().map(({ triggerKey, root, state }) => ({ triggerKey, root, ...state }));
  }

  /** Arms a watch that is written nowhere, on behalf of whoever asks. Errors: `run.illegal_state` where nothing starts by itself. */
  async open(owner: LibraryItem, asked: ParsedInputOf<'watches.open'>, by: string): Promise<WatchSummary> {
    if (!this.#session.triggers.isHosting) {
      throw new AppError('run.illegal_state', 'In the process that holds the project nothing starts by itself.', {
        hint: 'Wait until it is done, then try again.',
      });
    }
    const { path, patterns, ignore, recursive, debounceSeconds } = asked;
    const id = `terminal-${randomHex(4)}`;
    // What came goes to the inputs as the workflow's own file trigger says.
    const inputs = owner.triggers.find(({ type }) => type === 'file')?.config.inputs;
    const rules = { id, path, patterns, ignore, recursive, debounce_seconds: debounceSeconds, catch_up: 'none' };
    const config = { ...rules, ...(inputs === undefined ? {} : { inputs }) };
    const definition = { type: 'file', enabled: true, config } as const;
    const trigger = toTrigger(owner, definition, { source: 'watch start', number: 0 });
    this.#opened.set(trigger.key, trigger);
    try {
      await this.#registry.refresh();
      const { definitionHash, contentHash } = await this.#registry.withHash(this.#registry.find(trigger.key));
      await this.#registry.arm(trigger.key, { definitionHash, contentHash }, by);
      await this.part.settled();
      const watch = this.list().find(({ triggerKey }) => triggerKey === trigger.key);
      if (watch?.status === 'watching') return watch;
      throw new AppError('file.not_found', watch?.reason ?? `This folder cannot be watched: ${path}`);
    } catch (error) {
      await this.close(trigger.key);
      throw error;
    }
  }

  /** Ends a watch that `open` began. Error: `trigger.not_found`. */
  async close(key: string): Promise<void> {
    if (!this.#opened.has(key)) throw new AppError('trigger.not_found', `No watch was opened under this name: ${key}`);
    await this.#registry.disarm(key);
    this.#opened.delete(key);
    await this.#registry.refresh();
    await this.part.settled();
    this.#session.store.watchedFiles.forget(key);
  }

  #findWriter(path: string, hash: string): FileWriter | null {
    const runId = this.#written.find(path, hash);
    if (runId === null) return null;
    const [first] = this.#session.store.journal.readRun(runId, 0, 1);
    // The run was deleted meanwhile.
    if (first?.event.type !== 'run.created') return null;
    const { workflowId } = first.event;
    return { runId, workflowId, chain: chainAfter({ runId, at: first.at }, first.event) };
  }
}
