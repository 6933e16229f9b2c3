import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { ConversationEntry } from '../../shared/model/agent.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { ForeignRun } from '../../shared/model/portable-run.ts';
import type { Actor, LogLine } from '../../shared/model/run.ts';
import { createTurns } from '../../shared/turns.ts';
import { readBundle } from '../bundles/index.ts';
import { foldRun, projectRun, projectStepRows, type RunState } from '../engine/index.ts';
import { writeFileAtomic } from '../files/index.ts';
import { actorText, Store } from '../storage/index.ts';
import { readPortableRun } from './portable-run.ts';
import type { ProjectSession } from './project-session.ts';

/** A run id as the product makes them: it becomes the name of a file. */
const RUN_ID = /^[A-Za-z0-9._-]{1,120}$/;
const HASH = /^[0-9a-f]{64}$/;
const MOST_LEFTOVERS = 10_000;

type Kept = Omit<ForeignRun, 'run'>;

/**
 * Runs of other control centers that were opened here. They lie in a store of their own, so that nothing that this project counts, lists,
 * searches or takes over ever sees them; they are read like any other run, and nothing can be done with them.
 */
export class ForeignRuns {
  readonly #session: Pick<ProjectSession, 'paths' | 'clock' | 'staging'>;
  readonly #folder: string;
  readonly #inTurn = createTurns();
  #store: Store | null = null;

  constructor(session: Pick<ProjectSession, 'paths' | 'clock' | 'staging'>) {
    this.#session = session;
    this.#folder = join(session.paths.stateDir, 'foreign');
  }

  /** Whether there is such a run among them. */
  has(runId: string): boolean {
    return existsSync(this.#aboutFile(runId)) && this.#opened().runs.find(runId) !== null;
  }

  /** All of them, the one that was opened last first. */
  async list(): Promise<readonly ForeignRun[]> {
    const names = await readdir(join(this.#folder, 'about')).catch(() => []);
    const found: ForeignRun[] = [];
    for (const name of names) {
      const run = this.#opened().runs.find(name.replace(/\.json$/, ''));
      if (run !== null) found.push({ run, ...(await this.#about(run.runId)) });
    }
    return found.toSorted((one, other) => other.openedAt - one.openedAt);
  }

  /** One of them, with where it comes from. */
  async find(runId: string): Promise<ForeignRun | null> {
    const run = this.has(runId) ? this.#opened().runs.find(runId) : null;
    return run === null ? null : { run, ...(await this.#about(runId)) };
  }

  /** Takes in what was uploaded; one that is there already is taken anew. Errors: `run.file_unknown`, `run.file_damaged`, those of an upload. */
  take(uploadId: string, actor: Actor): Promise<{ readonly runId: string }> {
    return this.#inTurn(() =>
      this.#session.staging.withContent(uploadId, async (folder) => {
        const manifest = await readPortableRun(folder);
        const { run_id: runId, version_hash: versionHash } = manifest;
        if (!RUN_ID.test(runId) || !HASH.test(versionHash)) throw unreadable();
        const events = await readLines<StoredEvent<RunEvent>>(join(folder, 'journal.jsonl'));
        const state = foldOf(runId, events);
        if (state.created.versionHash !== versionHash) throw unreadable();
        await this.#remove(runId);
        const archive = join(this.#folder, 'archives', versionHash);
        await mkdir(join(this.#folder, 'archives'), { recursive: true, mode: 0o700 });
        if (existsSync(join(folder, 'version')))
          await cp(join(folder, 'version'), archive, { recursive: true, force: true });
        const store = this.#opened();
        await store.journal.append({
          ...{ runNo: store.journal.takeRunNo(), isNew: true, isProgressOnly: false, startKey: null },
          events: events.map((event) => ({ ...event, position: store.journal.takePosition() })),
          run: projectRun(state),
          steps: [...state.steps.values()].flatMap((record) => projectStepRows(record)),
        });
        for await (const { line: _number, ...line } of linesOf<LogLine>(join(folder, 'log.jsonl')))
          store.logs.append(runId, line);
        for await (const { entry: _number, ...entry } of linesOf<ConversationEntry & { readonly entry?: number }>(
          join(folder, 'conversation.jsonl'),
        ))
          store.conversations.append(runId, entry as ConversationEntry);
        const { made_at: madeAt, made_by: madeBy, app_version: appVersion } = manifest;
        const about: Kept = {
          ...{ madeAt, madeBy, appVersion },
          ...{ openedAt: this.#session.clock.now(), openedBy: actorText(actor) },
        };
        await mkdir(join(this.#folder, 'about'), { recursive: true, mode: 0o700 });
        await writeFileAtomic(this.#aboutFile(runId), `${JSON.stringify(about)}\n`, 0o600);
        return { runId };
      }),
    );
  }

  /** Lets go of one. */
  remove(runId: string): Promise<void> {
    return this.#inTurn(() => this.#remove(runId));
  }

  /** What reads runs, over these. */
  get source(): ForeignSource {
    const store = this.#opened();
    return {
      store,
      stateOf: (runId) => {
        const state = foldOf(runId, store.journal.readRun(runId));
        return { state, position: store.journal.position };
      },
      workflowOf: async (versionHash) => {
        const reading = await readBundle(join(this.#folder, 'archives', versionHash));
        if (reading.reading === null) throw unreadable();
        return reading.reading.workflow;
      },
    };
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => undefined);
    this.#store?.close();
    this.#store = null;
  }

  async #remove(runId: string): Promise<void> {
    if (!this.has(runId)) return;
    const store = this.#opened();
    store.conversations.delete(runId);
    store.logs.delete(runId);
    store.runs.delete(runId);
    await rm(this.#aboutFile(runId), { force: true });
    for (const leftover of store.leftovers.list(MOST_LEFTOVERS)) {
      if (leftover.kind === 'blob') store.leftovers.removeBlob(leftover.name);
      else if (leftover.kind === 'version' && !store.leftovers.isUsed(leftover))
        await rm(join(this.#folder, 'archives', leftover.name), { recursive: true, force: true });
      store.leftovers.strike(leftover);
    }
  }

  #aboutFile(runId: string): string {
    return join(this.#folder, 'about', `${RUN_ID.test(runId) ? runId : ''}.json`);
  }

  async #about(runId: string): Promise<Kept> {
    return JSON.parse(await readFile(this.#aboutFile(runId), 'utf8')) as Kept;
  }

  #opened(): Store {
    this.#store ??= new Store({
      storeFile: join(this.#folder, 'state.db'),
      logsFile: join(this.#folder, 'logs.db'),
      blobsDir: join(this.#folder, 'blobs'),
      onLog: () => undefined,
      onConversation: () => undefined,
      now: () => this.#session.clock.now(),
    });
    return this.#store;
  }
}

/** Where foreign runs are read. */
export interface ForeignSource {
  readonly store: Store;
  readonly stateOf: (runId: string) => { readonly state: RunState; readonly position: number };
  readonly workflowOf: (versionHash: string) => Promise<import('../../shared/model/workflow.ts').Workflow>;
}

const unreadable = (): AppError =>
  new AppError('run.file_damaged', 'The file of the run cannot be read.', { hint: 'Let it be made anew.' });

/** What an archive calls events may be anything. */
function foldOf(runId: string, events: readonly StoredEvent<RunEvent>[]): RunState {
  try {
    const isWhole = events.every(({ seq, stream }, at) => seq === at + 1 && stream === `run:${runId}`);
    if (isWhole && events[0]?.event.type === 'run.created') return foldRun(events);
  } catch {
    // Told below.
  }
  throw unreadable();
}

async function* linesOf<T>(file: string): AsyncGenerator<T> {
  // Few ever open such a file: nobody else is to load what reads it.
  const { createInterface } = await import('node:readline');
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') }))
      if (line !== '') yield JSON.parse(line) as T;
  } catch {
    throw unreadable();
  }
}

async function readLines<T>(file: string): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of linesOf<T>(file)) found.push(one);
  return found;
}
