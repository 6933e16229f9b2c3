import { randomHex, sha256Hex } from '../crypto/index.ts';
import {
  chainAfter,
  chokidarHints,
  type FileWriter,
  isNetworkFolder,
  type TriggerInlet,
  type TriggerRegistry,
  WatchPart,
  WrittenFiles,
} from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The file watches of an open project, and what its runs write, so that they do not start themselves (SPEC §7.2). */
export class ProjectWatches {
  readonly part: WatchPart;
  readonly #session: ProjectSession;
  readonly #written = new WrittenFiles();

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
    this.part = new WatchPart({
      ...{ inlet, clock, onChange, onBug },
      place: { project: paths.project, stateDir: paths.stateDir },
      files: store.watchedFiles,
      findWriter: (path, hash) => this.#findWriter(path, hash),
      hints: chokidarHints,
      isNetwork: isNetworkFolder,
      newId: () => randomHex(16),
      notice: (key, notice) => registry.notice(key, notice),
      pause: (key, reason) => registry.pause(key, { at: clock.now(), by: 'system', reason }),
    });
  }

  /** A run is about to write this text to this real path. */
  noteWritten(runId: string, path: string, text: string): void {
    this.#written.note(path, { runId, hash: sha256Hex(text) });
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
