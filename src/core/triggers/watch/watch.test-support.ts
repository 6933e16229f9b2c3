import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Clock, systemClock } from '../../time/index.ts';
import { chokidarHints } from './chokidar-hints.ts';
import type { FileEvent, TakenWord } from './file-event.ts';
import { createFileFilter, type FilterRules } from './file-filter.ts';
import { FileWatch } from './file-watch.ts';
import type { HintListener, HintSource } from './hint-source.ts';
import type { CursorChange, KnownFile, WatchCursor } from './watch-cursor.ts';
import type { FileWatchOptions } from './watch-options.ts';

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  #now = systemClock.now();
  readonly #timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  #next = 0;

  now = (): number => this.#now;

  setTimer = (ms: number, callback: () => void): (() => void) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + ms, callback });
    return () => this.#timers.delete(id);
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** Moves on, timer by timer; `after` is awaited behind each, so that what a timer began is over before the next. */
  async advance(ms: number, after: () => Promise<unknown>): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#now = Math.max(this.#now, due[1].at);
      this.#timers.delete(due[0]);
      due[1].callback();
      await after();
    }
    this.#now = end;
  }

  /** The machine sleeps: the clock goes on, timers do not. */
  sleep(ms: number): void {
    this.#now += ms;
    for (const [id, timer] of this.#timers) this.#timers.set(id, { ...timer, at: timer.at + ms });
  }
}

export class MemoryCursor implements WatchCursor {
  readonly files = new Map<string, KnownFile>();
  readonly #folders = new Map<string, number>();
  #mark: string | null = null;

  rootMark = (): string | null => this.#mark;
  markRoot = (mark: string): void => {
    this.#mark = mark;
  };
  find = (path: string): KnownFile | null => this.files.get(path) ?? null;
  below = (folder: string): readonly KnownFile[] =>
    [...this.files.values()].filter(({ path }) => folder === '' || path.slice(0, folder.length + 1) === `${folder}/`);
  hasBelow = (folder: string): boolean => (this.#folders.get(folder) ?? 0) > 0;
  count = (): number => this.files.size;
  write = ({ put, drop }: CursorChange): void => {
    for (const path of drop) if (this.files.delete(path)) this.#count(path, -1);
    for (const file of put) {
      if (!this.files.has(file.path)) this.#count(file.path, 1);
      this.files.set(file.path, file);
    }
  };

  #count(path: string, by: number): void {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      this.#folders.set(folder, (this.#folders.get(folder) ?? 0) + by);
    }
  }
}

/** Hints that a test gives itself. */
export class ScriptedHints implements HintSource {
  listener: HintListener | null = null;

  start: HintSource['start'] = async (_root, _enters, listener) => {
    this.listener = listener;
    return {
      hasShownFiles: false,
      close: async () => {
        this.listener = null;
      },
    };
  };
}

/** The real hint layer, which can be waited for. */
export class HeardHints implements HintSource {
  readonly lost: string[] = [];
  readonly #missing = new Set<string>();
  #onAllHeard: () => void = () => undefined;

  start: HintSource['start'] = (root, enters, listener) =>
    chokidarHints.start(root, enters, {
      onFile: listener.onFile,
      onLost: (folder, code) => {
        this.lost.push(`${code} ${folder}`);
        listener.onLost(folder, code);
      },
      onHint: (path) => {
        listener.onHint(path);
        if (this.#missing.delete(path) && this.#missing.size === 0) this.#onAllHeard();
      },
    });

  /** Does something and waits until it was heard of at all the paths. */
  async hears(paths: readonly string[], act: () => void): Promise<void> {
    const all = Promise.withResolvers<void>();
    for (const path of paths) this.#missing.add(path);
    this.#onAllHeard = all.resolve;
    act();
    await all.promise;
  }
}

export interface LabRules extends Partial<FilterRules> {
  readonly events?: FileWatchOptions['events'];
  readonly debounceMs?: number;
  readonly isBatch?: boolean;
  readonly catchesUp?: boolean;
  readonly isNetwork?: FileWatchOptions['isNetwork'];
}

const ALL = new Set(['created', 'modified', 'deleted', 'moved'] as const);

/** A real folder with a watch on it, a clock that stands still, and everything that the watch has told. */
export class WatchLab {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-watch-')));
  readonly root = join(this.folder, 'root');
  readonly clock = new VirtualClock();
  readonly cursor = new MemoryCursor();
  readonly scripted = new ScriptedHints();
  readonly deliveries: (readonly FileEvent[])[] = [];
  hints: HintSource = this.scripted;
  /** What the sink answers; events are recorded when it says `taken`. */
  answer: (events: readonly FileEvent[]) => TakenWord = () => 'taken';
  #watch: FileWatch | null = null;

  constructor() {
    mkdirSync(this.root);
  }

  get watch(): FileWatch {
    if (this.#watch === null) throw new Error('no watch is started');
    return this.#watch;
  }

  /** `type path` of all that was told, `from -> path` for moves. */
  get told(): readonly string[] {
    return this.deliveries
      .flat()
      .map(({ type, path, from }) => (from === null ? `${type} ${path}` : `${type} ${from} -> ${path}`));
  }

  async start(rules: LabRules = {}): Promise<FileWatch> {
    const filter = createFileFilter({ patterns: ['*'], ignorePatterns: [], regex: null, recursive: true, ...rules });
    if ('problems' in filter) throw new Error('the rules of the test are wrong');
    this.#watch = new FileWatch({
      root: this.root,
      filter,
      events: rules.events ?? ALL,
      debounceMs: rules.debounceMs ?? 1000,
      isBatch: rules.isBatch ?? false,
      catchesUp: rules.catchesUp ?? true,
      cursor: this.cursor,
      sink: {
        take: async (events) => {
          const word = this.answer(events);
          if (word === 'taken') {
            this.deliveries.push(events);
            for (const { cursor } of events) this.cursor.write(cursor);
          }
          return word;
        },
      },
      hints: this.hints,
      isNetwork: rules.isNetwork ?? (async () => false),
      clock: this.clock,
      onState: () => undefined,
    });
    await this.#watch.start();
    await this.#watch.settled();
    return this.#watch;
  }

  /** Stops the watch; the next start is one after the app was off. */
  async stop(): Promise<void> {
    await this.#watch?.close();
    this.#watch = null;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  rename(from: string, to: string): void {
    renameSync(join(this.root, from), join(this.root, to));
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  hint(...paths: readonly string[]): void {
    for (const path of paths) this.scripted.listener?.onHint(join(this.root, path));
  }

  pass(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.watch.settled());
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
