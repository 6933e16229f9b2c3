import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { createTurns } from '../../shared/turns.ts';
import { isEnded } from '../engine/index.ts';
import { resolveInside, toFileError } from '../files/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { LOG_STYLES, type LogEntry, type LogStyle, logNameOf } from '../run-texts/index.ts';
import { AgentLogs } from './agent-logs.ts';
import type { ProjectSession } from './project-session.ts';
import { RunEntries } from './run-entries.ts';

/** What was committed is written within this time, or with the next that is. */
const WRITE_AFTER_MS = 1_000;
/** After a folder that cannot be written: how soon it is tried again. */
const TRY_AGAIN_MS = 30_000;
/** While runs commit more than that between two looks, nothing is written for so long: they have the thread. */
const BUSY_EVENTS = 500;
const LONGEST_WAIT_MS = 10_000;
/** A log of more entries than that is not made anew at its end: only its head is. */
const MANY_ENTRIES = 2_000;
/** The end of a run stands among its last so many events. */
const LAST_EVENTS = 200;
const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'];

/** The log of a run that goes on. */
interface OpenLog {
  /** It is written as far as these were read. */
  readonly entries: RunEntries;
  /** Of its head, which becomes another at the end. */
  readonly headBytes: number;
  count: number;
}

/**
 * The execution logs of SPEC §9: a file a run, appended to as it goes, written anew with its head and its end when it has ended. All of it
 * follows from the journal and the lines: what a crash left undone is written by the next engine, from the mark on up to which all is written.
 */
export class ExecutionLogs {
  readonly #session: ProjectSession;
  readonly #onBug: (error: unknown) => void;
  readonly #folder: string;
  readonly #style: LogStyle;
  readonly #agents: AgentLogs;
  readonly #inTurn = createTurns();
  readonly #open = new Map<string, OpenLog>();
  #changed = new Set<string>();
  #stopTimer: (() => void) | null = null;
  #position = 0;
  #wroteAt = 0;
  #isCaughtUp = false;
  /** What an engine that died has left is to be written, whether anything else happens or not. */
  #makesGood = false;
  #isClosed = false;

  constructor(session: ProjectSession, onBug: (error: unknown) => void) {
    this.#session = session;
    this.#onBug = onBug;
    const { logPath, format } = session.config.logging;
    this.#folder = resolve(session.paths.project, logPath);
    this.#style = LOG_STYLES[format];
    this.#agents = new AgentLogs({
      ...{ folder: this.#folder, style: this.#style },
      headOf: (run) => this.#headOf(run),
      textOf: (entries) => this.#textOf(entries),
    });
  }

  /** What was committed before the first time has no log and gets none. A host writes what an engine that died has left. */
  begin(isHost: boolean): void {
    const { sizes, journal } = this.#session.store;
    const mark = sizes.mark('logged-to');
    if (mark === null) sizes.setMark('logged-to', journal.position);
    this.#isCaughtUp = mark === null || mark >= journal.position;
    this.#makesGood = isHost && !this.#isCaughtUp;
    if (this.#makesGood) this.#writeIn(WRITE_AFTER_MS);
  }

  /** Something was committed in a run. */
  noteRun(runId: string): void {
    if (this.#isClosed) return;
    this.#changed.add(runId);
    this.#writeIn(WRITE_AFTER_MS);
  }

  /** A run has said something. */
  noteLines(runId: string): void {
    if (this.#open.has(runId)) this.noteRun(runId);
  }

  /** Writes all that is committed by now. */
  write(): Promise<void> {
    return this.#inTurn(() => this.#write());
  }

  /** The log of a deleted run goes. Errors: those of the system. */
  async remove(runId: string): Promise<void> {
    this.#open.delete(runId);
    for (const { extension } of Object.values(LOG_STYLES))
      await rm(join(this.#folder, `${logNameOf(runId)}.${extension}`), { force: true });
    await this.#agents.remove(runId);
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    if (this.#changed.size > 0 || this.#makesGood) await this.write().catch(() => undefined);
    await this.#inTurn(async () => undefined);
  }

  #writeIn(ms: number): void {
    this.#stopTimer ??= this.#session.clock.setTimer(ms, () => {
      this.#stopTimer = null;
      if (this.#isBusy()) return this.#writeIn(ms);
      this.write().catch((error: unknown) => {
        if (!(error instanceof AppError)) this.#onBug(error);
        if (!this.#isClosed) this.#writeIn(TRY_AGAIN_MS);
      });
    });
  }

  #isBusy(): boolean {
    const { position } = this.#session.store.journal;
    const isBusy = position - this.#position > BUSY_EVENTS;
    this.#position = position;
    return isBusy && this.#session.clock.now() - this.#wroteAt < LONGEST_WAIT_MS;
  }

  async #write(): Promise<void> {
    this.#wroteAt = this.#session.clock.now();
    const { sizes, events, journal } = this.#session.store;
    const reached = journal.durablePosition;
    // A commit may become durable after one with a higher position: as long as one is on its way the mark stays where it is.
    const isAllDurable = journal.position === reached;
    if (!this.#isCaughtUp) {
      for (const runId of events.runsAfter(sizes.mark('logged-to') ?? 0)) this.#changed.add(runId);
      this.#isCaughtUp = true;
      this.#makesGood = false;
    }
    const changed = [...this.#changed];
    this.#changed = new Set();
    try {
      const { project } = this.#session.paths;
      // A link may lead out of the project.
      await resolveInside(project, relative(project, this.#folder));
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      while (changed.length > 0) {
        await this.#writeRun(changed[0] as string).catch((error: unknown) => {
          // A run that cannot be read says so to whoever looks at it, and keeps no other from its log.
          if (!(error instanceof AppError) || error.code !== 'store.corrupt') throw error;
        });
        changed.shift();
      }
    } catch (error) {
      for (const runId of changed) this.#changed.add(runId);
      throw toFileError(error, this.#folder);
    }
    if (isAllDurable) sizes.setMark('logged-to', reached);
  }

  async #writeRun(runId: string): Promise<void> {
    const run = this.#session.store.runs.find(runId);
    if (run === null) return this.remove(runId);
    const known = this.#open.get(runId);
    const hasEnded = isEnded(run.status);
    if (known === undefined || (hasEnded && known.count <= MANY_ENTRIES)) return this.#writeWhole(run);
    const file = this.fileOf(runId);
    for (let isMore = true; isMore; ) {
      const { entries, isEnd } = await known.entries.next();
      const text = this.#textOf(entries);
      if (text !== '') await appendFile(file, text, { mode: 0o600 });
      known.count += entries.length;
      isMore = !isEnd;
    }
    if (!hasEnded) return;
    await this.#writeAnew(run, known);
    if (known.entries.hasAgents) await this.#writeAgents(run);
  }

  async #writeAgents(run: RunSummary): Promise<void> {
    if (this.#session.config.logging.perAgentLogs)
      await this.#agents.write(run, new RunEntries(this.#session.store, run.runId));
  }

  /** Gives a long log its last head and its end. */
  async #writeAnew(run: RunSummary, { headBytes }: OpenLog): Promise<void> {
    const file = this.fileOf(run.runId);
    const handle = await open(`${file}.part`, 'w', 0o600);
    try {
      await handle.writeFile(this.#headOf(run));
      for await (const piece of createReadStream(file, { start: headBytes })) await handle.writeFile(piece as Buffer);
      await handle.writeFile(this.#style.foot);
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
    this.#open.delete(run.runId);
  }

  #headOf(run: RunSummary): string {
    const [created] = this.#session.store.journal.readRun(run.runId, 0, 1);
    const inputs = created?.event.type === 'run.created' ? created.event.inputs : {};
    const outputs = isEnded(run.status) ? this.#outputsOf(run.runId) : null;
    return this.#style.head(this.#clean({ run, inputs, outputs }));
  }

  async #writeWhole(run: RunSummary): Promise<void> {
    const { runId } = run;
    const hasEnded = isEnded(run.status);
    const entries = new RunEntries(this.#session.store, runId);
    const head = this.#headOf(run);
    let count = 0;
    const file = this.fileOf(runId);
    const handle = await open(`${file}.part`, 'w', 0o600);
    try {
      await handle.writeFile(head);
      for (let isEnd = false; !isEnd; ) {
        const next = await entries.next();
        await handle.writeFile(this.#textOf(next.entries));
        count += next.entries.length;
        isEnd = next.isEnd;
      }
      if (hasEnded) await handle.writeFile(this.#style.foot);
    } finally {
      await handle.close();
    }
    await rename(`${file}.part`, file);
    if (hasEnded) {
      this.#open.delete(runId);
      if (entries.hasAgents) await this.#writeAgents(run);
    } else this.#open.set(runId, { entries, headBytes: Buffer.byteLength(head), count });
  }

  #textOf(entries: readonly LogEntry[]): string {
    const least = LEVELS.indexOf(this.#session.config.logging.level);
    return entries
      .filter(({ level }) => LEVELS.indexOf(level) >= least)
      .map((entry) => this.#style.entry(this.#clean(entry)))
      .join('');
  }

  /** What its last end says that it gave. */
  #outputsOf(runId: string): JsonMap {
    const { journal } = this.#session.store;
    const isEnd = ({ event }: StoredEvent<RunEvent>): boolean => 'outputs' in event && 'successConditions' in event;
    const end = journal.readRun(runId, Math.max(0, journal.countRun(runId) - LAST_EVENTS)).findLast(isEnd);
    return end !== undefined && 'successConditions' in end.event ? end.event.outputs : {};
  }

  /** Where the log of a run is, or will be. */
  fileOf(runId: string): string {
    return join(this.#folder, `${logNameOf(runId)}.${this.#style.extension}`);
  }

  /** Where all logs of a run may be, its own and those of its agents. */
  async places(): Promise<(runId: string) => readonly string[]> {
    const agentsOf = await this.#agents.places();
    return (runId) => [this.fileOf(runId), ...agentsOf(runId)];
  }

  #clean<T>(value: T): T {
    return withoutSigns(this.#session.host.redact(value));
  }
}
