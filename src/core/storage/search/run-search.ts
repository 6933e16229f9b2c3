import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../shared/errors.ts';
import type { FoundPlace, FoundRun, SearchIndexState } from '../../../shared/model/run-search.ts';
import type { StoreReader } from '../reader/store-reader.ts';
import { conditionsOf, joinConditions, type RunFilter } from '../run-filter.ts';
import type { RunRepository } from '../run-repository.ts';
import type { PlacedText } from './run-texts.ts';
import { type Candidate, type CandidateQuery, type Indexed, idBehind, SearchBlocks } from './search-blocks.ts';
import type { IndexCheck, SearchFile } from './search-file.ts';
import { SearchIndex, type SearchSources } from './search-index.ts';
import { excerptOf, foldText } from './search-texts.ts';

/** What is looked for, and in which runs. */
export interface RunSearchQuery {
  /** Taken literally, in any case. */
  readonly text: string;
  readonly filter: Omit<RunFilter, 'text'>;
  /** Only this run. */
  readonly runId?: string | undefined;
  /** At most so many runs, and so many places of each. */
  readonly limit: number;
  readonly places: number;
  /** What the page before gave as `next`. */
  readonly before?: number | undefined;
}

/** Some runs that hold the text, newest first. `next` null = there is nothing behind them. */
export interface RunSearchPage {
  readonly runs: readonly FoundRun[];
  readonly next: number | null;
}

const CANDIDATES_A_READ = 200;
/** So many blocks, or runs that are not in the index yet, are looked through for one page; where that is not enough `next` goes on. */
const MOST_LOOKED_AT = 4_000;
const LOOKED_AT_A_TURN = 50;
/** The reader is asked about so many runs at a time: who waits for one answer after the other waits for the threads to take turns. */
const MOST_AHEAD = 16;
/** Lines of a run that are not in the index and hold the text. */
const MOST_LINES = 1_000;
const EVENTS_A_READ = 200;

/** What the search asks beside the index: whole runs, and the second connection. */
interface SearchReads {
  readonly runs: RunRepository;
  readonly reader: StoreReader;
}

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The search over all runs. The index only says where a text may stand; each place is read where it stands, and what is not in the index
 * yet is looked through beside it: so nothing is missed while it is being filled, and nothing is found that is not there any more. What is
 * found is read by the reader of the store; here is what fills the index, the one writer, and what takes out secrets.
 */
export class RunSearch {
  readonly #file: SearchFile;
  readonly #reader: StoreReader;
  readonly #blocks: SearchBlocks;
  readonly #index: SearchIndex;
  readonly #runs: RunRepository;
  readonly #sources: SearchSources;
  readonly #idOf: Statement;

  constructor(file: SearchFile, sources: SearchSources, { runs, reader }: SearchReads) {
    this.#file = file;
    this.#reader = reader;
    this.#blocks = new SearchBlocks(file);
    this.#index = new SearchIndex(file, this.#blocks, sources);
    this.#sources = sources;
    this.#runs = runs;
    this.#idOf = sources.db.prepare('SELECT run_id FROM runs WHERE run_no = ?').pluck();
  }

  /** A page of the runs that hold the text. Errors: `store.busy`, `file.*`. */
  async find(query: RunSearchQuery): Promise<RunSearchPage> {
    await this.#index.look();
    const { generation } = this.#file;
    const page = await this.#find(query).catch((error: unknown) => {
      const isDamaged = error instanceof AppError && error.code === 'store.corrupt';
      if (generation === this.#file.generation) {
        if (!isDamaged) throw error;
        this.#file.makeAnew();
      }
      return null;
    });
    // What was left of an index that was made anew meanwhile was looked for in an empty one.
    return page !== null && generation === this.#file.generation ? page : this.find(query);
  }

  async #find(query: RunSearchQuery): Promise<RunSearchPage> {
    const only = query.runId === undefined ? undefined : (this.#runs.runNo(query.runId) ?? 0);
    const below = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, only === undefined ? Infinity : only + 1);
    const { generation } = this.#file;
    const candidates = (asked: CandidateQuery): Promise<readonly Candidate[]> =>
      this.#reader.ask('candidates', { ...asked, generation });
    const walk = new RunWalk(candidates, this.#index.waiting, { text: foldText(query.text), below, only });
    const isMeant = this.#filterOf(query.filter);
    const found: FoundRun[] = [];
    const ahead: { readonly run: WalkedRun; readonly read: Promise<FoundRun | null> }[] = [];
    for (let looked = 0; ; ) {
      while (ahead.length <= Math.min(MOST_AHEAD, query.limit - found.length)) {
        const run = await walk.next();
        if (run === null) break;
        const read = isMeant(run.runNo) ? this.#findIn(run, query) : Promise.resolve(null);
        // Whoever awaits it hears what went wrong; where nobody does, the page was full before.
        read.catch(() => undefined);
        ahead.push({ run, read });
      }
      const next = ahead.shift();
      if (next === undefined) return { runs: found, next: null };
      if (found.length >= query.limit || looked >= MOST_LOOKED_AT) return { runs: found, next: next.run.runNo + 1 };
      const before = Math.floor(looked / LOOKED_AT_A_TURN);
      looked += 1 + next.run.blocks.length;
      const run = await next.read;
      if (run !== null) found.push(run);
      if (Math.floor(looked / LOOKED_AT_A_TURN) > before) await turnOver();
    }
  }

  /** Takes a batch into the index; false = all of it is there that can be. */
  async feed(): Promise<boolean> {
    await this.#index.look();
    return this.#index.feed();
  }

  /** How the index stands, after `find` or `feed`. */
  get state(): SearchIndexState {
    return {
      state: this.#index.isRebuilding ? 'rebuilding' : 'ready',
      waiting: this.#index.waiting.size,
      cutValues: this.#blocks.cutCount,
    };
  }

  /** Removes the words of a run that is gone. */
  forget(runId: string): void {
    this.#index.forget(runId);
  }

  /** Looks whether the index is whole; one that is not is set aside, and filled anew. Never throws. */
  async check(): Promise<IndexCheck> {
    try {
      const before = this.#file.generation;
      this.#file.ask(() => undefined);
      const { generation } = this.#file;
      if (generation !== before) return { problem: 'it could not be read', isMadeAnew: true };
      const problem = await this.#reader.ask('checkIndex', undefined);
      if (problem !== null && this.#file.generation === generation) this.#file.makeAnew();
      return { problem, isMadeAnew: problem !== null };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error), isMadeAnew: false };
    }
  }

  /**
   * Makes the index smaller by the words that were removed, piece by piece while `mayGoOn` says so; false = not all of it was done. Errors:
   * `store.busy`, `file.disk_full`.
   */
  async compact(mayGoOn: () => boolean): Promise<boolean> {
    for (const _ of this.#blocks.compaction()) {
      await turnOver();
      if (!mayGoOn()) return false;
    }
    return true;
  }

  /** Bytes of the index. */
  get bytes(): number {
    return this.#file.bytes;
  }

  close(): void {
    try {
      this.#index.close();
    } catch {
      // The next one compares all runs.
    }
    this.#file.close();
  }

  #filterOf(filter: Omit<RunFilter, 'text'>): (runNo: number) => boolean {
    const conditions = conditionsOf(filter);
    if (conditions.length === 0) return () => true;
    const { sql, values } = joinConditions([{ sql: 'run_no = ?', values: [] }, ...conditions]);
    const statement = this.#sources.db.prepare(`SELECT 1 FROM runs ${sql}`).pluck();
    return (runNo) => statement.get(runNo, ...values) !== undefined;
  }

  async #findIn({ runNo, blocks, isWaiting }: WalkedRun, query: RunSearchQuery): Promise<FoundRun | null> {
    const runId = this.#idOf.get(runNo) as string | undefined;
    if (runId === undefined) return null;
    const wanted = foldText(query.text);
    const places: FoundPlace[] = [];
    const take = (texts: readonly PlacedText[]): void => {
      for (const { text, ...place } of texts) {
        if (places.length > query.places) return;
        const excerpt = excerptOf(this.#sources.clean(text), wanted);
        // A step that gives the outputs of its run says the same twice.
        if (excerpt !== null && !isSame(places.at(-1), { ...place, ...excerpt })) places.push({ ...place, ...excerpt });
      }
    };
    // What waited may be in the index by now: its blocks, and from where on it waits, are of the same moment.
    const { generation } = this.#file;
    const waiting = isWaiting ? await this.#reader.ask('indexedRun', { generation, runNo, text: wanted }) : null;
    for (const block of (waiting?.blocks ?? blocks).toReversed())
      if (places.length <= query.places) take(await this.#reader.ask('blockTexts', { runId, block }));
    if (waiting !== null) await this.#readWaiting(runId, waiting.indexed, query.text, take);
    if (places.length === 0) return null;
    const run = this.#runs.find(runId);
    return run === null ? null : { run, places: places.slice(0, query.places), isMore: places.length > query.places };
  }

  /** Hears what of a run is not in the index and may hold the text. */
  async #readWaiting(
    runId: string,
    { seq, line }: Indexed,
    text: string,
    hear: (texts: readonly PlacedText[]) => void,
  ): Promise<void> {
    const { logs, journal } = this.#sources;
    const last = journal.countRun(runId);
    for (let afterSeq = seq; afterSeq < last; afterSeq += EVENTS_A_READ) {
      const toSeq = Math.min(last, afterSeq + EVENTS_A_READ);
      hear(await this.#reader.ask('blockTexts', { runId, block: { afterSeq, toSeq, afterLine: 0, toLine: 0 } }));
    }
    const settled = logs.lastSettled(runId);
    hear(await this.#reader.ask('linesHolding', { runId, text, after: line, to: settled, limit: MOST_LINES }));
    // Those that go on or are not written yet.
    const { lines } = await logs.search(runId, text, MOST_LINES, Math.max(line, settled));
    for (const one of lines) hear(this.#index.linesIn(runId, one - 1, 1));
    logs.letGo(runId);
  }
}

const isSame = (one: FoundPlace | undefined, other: FoundPlace): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);

interface WalkedRun {
  readonly runNo: number;
  /** Newest first. */
  readonly blocks: readonly Candidate[];
  readonly isWaiting: boolean;
}

/** Runs that may hold the text, newest first: those of which the index says so, and those of which it does not know all. */
class RunWalk {
  readonly #candidates: (query: CandidateQuery) => Promise<readonly Candidate[]>;
  readonly #query: { readonly text: string; readonly below: number; readonly only: number | undefined };
  readonly #waiting: number[];
  #below: number;
  #read: Candidate[] = [];
  #isEnd = false;

  constructor(
    candidates: (query: CandidateQuery) => Promise<readonly Candidate[]>,
    waiting: ReadonlyMap<number, string>,
    query: { readonly text: string; readonly below: number; readonly only: number | undefined },
  ) {
    this.#candidates = candidates;
    this.#query = query;
    const { below, only } = query;
    // The newest is taken from the end.
    this.#waiting = [...waiting.keys()]
      .filter((runNo) => runNo < below && (only === undefined || runNo === only))
      .sort((one, other) => one - other);
    this.#below = Math.min(Number.MAX_SAFE_INTEGER, idBehind(below - 1));
  }

  async next(): Promise<WalkedRun | null> {
    await this.#fill();
    const runNo = Math.max(this.#read[0]?.runNo ?? -1, this.#waiting.at(-1) ?? -1);
    if (runNo === -1) return null;
    const isWaiting = this.#waiting.at(-1) === runNo;
    if (isWaiting) this.#waiting.pop();
    const blocks: Candidate[] = [];
    while (this.#read[0]?.runNo === runNo) {
      blocks.push(this.#read.shift() as Candidate);
      await this.#fill();
    }
    return { runNo, blocks, isWaiting };
  }

  async #fill(): Promise<void> {
    if (this.#read.length > 0 || this.#isEnd) return;
    const { text, only } = this.#query;
    this.#read = [...(await this.#candidates({ text, below: this.#below, limit: CANDIDATES_A_READ, only }))];
    this.#below = this.#read.at(-1)?.id ?? 0;
    this.#isEnd = this.#read.length < CANDIDATES_A_READ;
  }
}
