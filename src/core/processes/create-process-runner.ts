import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors.ts';
import { toFileError } from '../files/index.ts';
import type { Clock } from '../time/index.ts';
import { attemptKey } from './attempt-key.ts';
import { contain, findSandbox, type Sandbox } from './containment/index.ts';
import { endOrphans } from './end-step-processes.ts';
import { HelperLink } from './helper-link.ts';
import type { HelperMessage, StoredEnd, StoredText } from './helper-protocol.ts';
import { createRecordShelf } from './helper-records.ts';
import { lookUpAttempt, readEarlierStarts } from './look-up-attempt.ts';
import { decodeOutput } from './output-capture.ts';
import type { ProcessEnd, ProcessLookup, ProcessRunner, ProcessSpec, StepTrace } from './process-runner.ts';
import { isProcessAlive } from './process-table.ts';
import { syncFolder } from './record-file.ts';

export interface ProcessRunnerOptions {
  /** Records live in `<stateDir>/helpers`. */
  readonly stateDir: string;
  /** How far the journal is durable: each start mark says so, and a journal that is shorter at the next opening is damaged. Default 0. */
  readonly journalPosition?: () => number;
  readonly helperEntry?: string;
  /** What holds children here; the system's own by default. */
  readonly sandbox?: () => Sandbox;
  readonly execPath?: string;
  /** Names the file of this engine's records. */
  readonly clock: Pick<Clock, 'now'>;
  /** Test builds only: called with `step.afterSpawn` and `step.afterExit`. */
  readonly failpoint?: (name: 'step.afterSpawn' | 'step.afterExit') => void;
}

/** A runner whose helper keeps records. */
export interface RecordingRunner extends ProcessRunner {
  /** The run of whose attempt under way somebody is a process; null = of none that is known. */
  runOf(trace: StepTrace): string | null;
  /** The highest journal position that was durable when an attempt on record began; 0 = none is known. */
  witnessedPosition(): Promise<number>;
}

type RunHooks = Parameters<ProcessRunner['run']>[1];

interface ActiveRun {
  readonly spec: ProcessSpec;
  readonly hooks: RunHooks;
  readonly settle: (end: Promise<ProcessEnd>) => void;
  readonly done: Promise<unknown>;
  /** Of the child, once it has begun. */
  pid: number | null;
}

/** The runner of an engine (DESIGN §3). The helper process starts with the first `run`; `close` ends it. */
export function createProcessRunner(options: ProcessRunnerOptions): RecordingRunner {
  return new HelperProcessRunner(options);
}

class HelperProcessRunner implements RecordingRunner {
  readonly #options: ProcessRunnerOptions;
  readonly #helpersDir: string;
  readonly #shelf: ReturnType<typeof createRecordShelf>;
  /** The folder was there before us. If not, records of earlier engines may be lost: no mark proves nothing. */
  readonly #hasHistory: boolean;
  readonly #active = new Map<string, ActiveRun>();
  /** What helpers of earlier engines began; read once, before the first start of this one. */
  #earlierStarts: Promise<Map<string, string>> | null = null;
  #link: HelperLink | null = null;
  #isClosed = false;

  constructor(options: ProcessRunnerOptions) {
    this.#options = options;
    this.#helpersDir = join(options.stateDir, 'helpers');
    this.#hasHistory = !makeHelpersDir(this.#helpersDir);
    this.#shelf = createRecordShelf(this.#helpersDir);
  }

  async run(spec: ProcessSpec, hooks: RunHooks): Promise<ProcessEnd> {
    if (this.#isClosed) throw stopped();
    const key = attemptKey(spec);
    // Started before the records are read: the two take their time beside each other.
    this.#openLink();
    if (await this.#wasBegunEarlier(key)) return await this.#settleLost(key, spec);
    if (this.#isClosed) throw stopped();
    if (hooks.signal.aborted) return { ...NOTHING, reason: 'cancelled' };
    const link = this.#openLink();
    const outcome = Promise.withResolvers<ProcessEnd>();
    this.#active.set(key, {
      spec,
      hooks,
      settle: outcome.resolve,
      done: outcome.promise.catch(() => undefined),
      pid: null,
    });
    const cancel = (): void => link.send({ t: 'cancel', key });
    hooks.signal.addEventListener('abort', cancel, { once: true });
    link.setBusy(true);
    link.send({ t: 'start', key, position: this.#options.journalPosition?.() ?? 0, spec: this.#contained(spec) });
    try {
      return await outcome.promise;
    } finally {
      hooks.signal.removeEventListener('abort', cancel);
      this.#active.delete(key);
      if (this.#active.size === 0) this.#link?.setBusy(false);
    }
  }

  /** Nothing that is contained sees the project's state: its token would open the door of the app, its records are not the child's. */
  #contained(spec: ProcessSpec): ProcessSpec {
    if (spec.containment === undefined) return spec;
    return contain(spec, (this.#options.sandbox ?? findSandbox)(), [this.#options.stateDir]);
  }

  async lookup(key: Parameters<ProcessRunner['lookup']>[0]): Promise<ProcessLookup> {
    const id = attemptKey(key);
    await this.#active.get(id)?.done;
    return await this.#lookUp(id, key.stepKey, this.#hasHistory);
  }

  runOf({ pids, stepKey }: StepTrace): string | null {
    const runs = [...this.#active.values()];
    const found =
      pids === null
        ? runs.find(({ spec }) => spec.stepKey === stepKey)
        : pids.flatMap((pid) => runs.find((run) => run.pid === pid) ?? []).at(0);
    return found?.spec.runId ?? null;
  }

  async witnessedPosition(): Promise<number> {
    const files = await this.#shelf.readAll().catch((error: unknown) => {
      throw toFileError(error, this.#helpersDir);
    });
    return Math.max(0, ...files.flatMap((file) => [...file.marks.values()].map((mark) => mark.position)));
  }

  async forget(runId: string): Promise<void> {
    this.#link?.send({ t: 'forget', runId });
    const earlier = await this.#earlierStarts;
    for (const [key, run] of earlier ?? []) if (run === runId) earlier?.delete(key);
    const own = this.#ownFile();
    for (const records of await this.#shelf.readAll()) {
      if (records.name === own || (records.identity !== null && isProcessAlive(records.identity))) continue;
      if (records.marks.size === 0) await this.#shelf.remove(records);
      else if ([...records.marks.values()].some((mark) => mark.run === runId)) await this.#shelf.forget(records, runId);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#link?.close();
    await Promise.all([...this.#active.values()].map((run) => run.done));
  }

  /** A journal that lost its end would have steps begun a second time under the same key: the records know better. */
  async #wasBegunEarlier(key: string): Promise<boolean> {
    this.#earlierStarts ??= readEarlierStarts({ shelf: this.#shelf, ownFile: this.#ownFile() });
    return (await this.#earlierStarts).has(key);
  }

  #ownFile(): string | null {
    return this.#link === null ? null : `${this.#link.id}.jsonl`;
  }

  #openLink(): HelperLink {
    if (this.#link !== null) return this.#link;
    const link = startHelper({
      execPath: this.#options.execPath ?? process.execPath,
      entry: this.#options.helperEntry ?? defaultHelperEntry(),
      helpersDir: this.#helpersDir,
      id: `${this.#options.clock.now().toString(36)}-${randomBytes(4).toString('hex')}`,
      onMessage: (message) => this.#hear(message),
    });
    this.#link = link;
    void link.gone.then(() => this.#loseLink(link));
    return link;
  }

  /** The helper is gone. What it still wrote is taken; what it left running is ended; the rest is in doubt. */
  #loseLink(link: HelperLink): void {
    if (this.#link === link) this.#link = null;
    for (const [key, run] of this.#active) run.settle(this.#settleLost(key, run.spec));
  }

  async #settleLost(key: string, spec: ProcessSpec): Promise<ProcessEnd> {
    // This folder was ours while the attempt began, so a missing mark is proof whatever came before.
    const found = await this.#lookUp(key, spec.stepKey, true);
    if (found.kind === 'ended') return found.end;
    if (found.kind === 'never_began') return { ...NOTHING, reason: 'spawn_failed', spawnError: 'HELPER_GONE' };
    throw inDoubt();
  }

  async #lookUp(key: string, stepKey: string, hasHistory: boolean): Promise<ProcessLookup> {
    const found = await lookUpAttempt({ shelf: this.#shelf, key, ownFile: this.#ownFile(), hasHistory });
    if (found.kind === 'never_began') return found;
    if (found.kind === 'ended') {
      const end = await this.#readEnd(found.end).catch(() => null);
      if (end !== null) return { kind: 'ended', end };
    }
    await endOrphans(stepKey);
    return { kind: 'unknown' };
  }

  #hear(message: HelperMessage): void {
    const run = message.t === 'ready' ? undefined : this.#active.get(message.key);
    if (run === undefined) return;
    if (message.t === 'spawned') {
      run.pid = message.pid;
      this.#options.failpoint?.('step.afterSpawn');
    }
    if (message.t === 'open') run.hooks.onOpen?.(message.stream, message.text);
    if (message.t === 'lines') for (const line of message.lines) run.hooks.onLine(message.stream, line);
    if (message.t === 'lost') run.settle(endOrphans(run.spec.stepKey).then(() => Promise.reject(inDoubt())));
    if (message.t !== 'end') return;
    this.#options.failpoint?.('step.afterExit');
    run.settle(this.#readEnd(message.end));
  }

  async #readEnd(end: StoredEnd): Promise<ProcessEnd> {
    const [stdout, stderr] = await Promise.all([this.#readText(end.stdout), this.#readText(end.stderr)]);
    return { ...end, stdout, stderr };
  }

  async #readText(text: StoredText): Promise<string> {
    if ('text' in text) return text.text;
    return decodeOutput(await readFile(join(this.#helpersDir, 'out', text.file)), text.cut);
  }
}

/** Makes the folder of the records durably; true = it was not there. Errors: `file.io`, `file.disk_full`. */
function makeHelpersDir(helpersDir: string): boolean {
  try {
    const isNew = mkdirSync(join(helpersDir, 'out'), { recursive: true, mode: 0o700 }) !== undefined;
    if (isNew) for (const dir of [helpersDir, dirname(helpersDir)]) syncFolder(dir);
    return isNew;
  } catch (error) {
    throw toFileError(error, helpersDir);
  }
}

const NOTHING = { exitCode: null, signal: null, stdout: '', stderr: '', stderrCut: false } as const;

function startHelper(options: ConstructorParameters<typeof HelperLink>[0]): HelperLink {
  try {
    return new HelperLink(options);
  } catch (cause) {
    throw new AppError('tool.spawn_failed', 'The helper process that starts scripts could not be started.', { cause });
  }
}

const stopped = (): AppError => new AppError('engine.stopped', 'The app is closing and starts no more processes.');

function inDoubt(): AppError {
  return new AppError(
    'step.in_doubt',
    'The process that watched this step is gone, so nobody knows how the step ended.',
    {
      hint: 'Look at what the step did, then mark it completed or failed, or run it again.',
    },
  );
}

function defaultHelperEntry(): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return join(dirname(fileURLToPath(import.meta.url)), `process-helper${extension}`);
}
