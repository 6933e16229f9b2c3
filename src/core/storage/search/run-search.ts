import type { Statement } from 'better-sqlite3';
import type { FoundPlace, FoundRun, SearchIndexState } from '../../../shared/model/run-search.ts';
import { conditionsOf, joinConditions, type RunFilter } from '../run-filter.ts';
import type { RunRepository } from '../run-repository.ts';
import { type Candidate, type Indexed, idBehind, SearchBlocks } from './search-blocks.ts';
import type { IndexCheck, SearchFile } from './search-file.ts';
import { type PlacedText, SearchIndex, type SearchSources } from './search-index.ts';
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
/** Lines of a run that are not in the index and hold the text. */
const MOST_LINES = 1_000;
const EVENTS_A_READ = 200;

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The search over all runs. The index only says where a text may stand; each place is read where it stands, and what is not in the index
 * yet is looked through beside it: so nothing is missed while it is being filled, and nothing is found that is not there any more.
 */
export class RunSearch {
  readonly #file: SearchFile;
  readonly #blocks: SearchBlocks;
  readonly #index: SearchIndex;
  readonly #runs: RunRepository;
  readonly #sources: SearchSources;
  readonly #idOf: Statement;

  constructor(file: SearchFile, sources: SearchSources, runs: RunRepository) {
    this.#file = file;
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
    const page = await this.#find(query);
    // What was left of an index that was made anew meanwhile was looked for in an empty one.
    return generation === this.#file.generation ? page : this.find(query);
  }

  async #find(query: RunSearchQuery): Promise<RunSearchPage> {
    const only = query.runId === undefined ? undefined : (this.#runs.runNo(query.runId) ?? 0);
    const below = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, only === undefined ? Infinity : only + 1);
    const walk = new RunWalk(this.#blocks, this.#index.waiting, { text: foldText(query.text), below, only });
    const isMeant = this.#filterOf(query.filter);
    const found: FoundRun[] = [];
    for (let looked = 0; ; ) {
      const next = walk.next();
      if (next === null) return { runs: found, next: null };
      if (found.length >= query.limit || looked >= MOST_LOOKED_AT) return { runs: found, next: next.runNo + 1 };
      const before = Math.floor(looked / LOOKED_AT_A_TURN);
      looked += 1;
      if (isMeant(next.runNo)) {
        const run = await this.#findIn(next, query);
        looked += next.blocks.length;
        if (run !== null) found.push(run);
      }
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
  check(): IndexCheck {
    return this.#file.check();
  }

  /** Writes the index anew without the words that were removed. Errors: `store.busy`, `file.disk_full`. */
  compact(): void {
    this.#blocks.compact();
  }

  /** Bytes of the index. */
  get bytes(): number {
    return this.#file.bytes;
  }

  close(): void {
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
        const excerpt = excerptOf(text, wanted);
        // A step that gives the outputs of its run says the same twice.
        if (excerpt !== null && !isSame(places.at(-1), { ...place, ...excerpt })) places.push({ ...place, ...excerpt });
      }
    };
    // What waited may be in the index by now: its blocks, and from where on it waits, are of the same moment.
    const all = { below: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER, only: runNo };
    const own = isWaiting ? this.#blocks.candidates(wanted, all) : blocks;
    const indexed = this.#blocks.indexed(runNo);
    for (const block of own.toReversed()) if (places.length <= query.places) take(this.#index.textsIn(runId, block));
    if (isWaiting) await this.#readWaiting(runId, indexed, query.text, take);
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
      hear(this.#index.textsIn(runId, { afterSeq, toSeq, afterLine: 0, toLine: 0 }));
      if (toSeq < last) await turnOver();
    }
    const { lines } = await logs.search(runId, text, MOST_LINES, line);
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
  readonly #blocks: SearchBlocks;
  readonly #query: { readonly text: string; readonly below: number; readonly only: number | undefined };
  readonly #waiting: number[];
  #below: number;
  #read: Candidate[] = [];
  #isEnd = false;

  constructor(
    blocks: SearchBlocks,
    waiting: ReadonlyMap<number, string>,
    query: { readonly text: string; readonly below: number; readonly only: number | undefined },
  ) {
    this.#blocks = blocks;
    this.#query = query;
    const { below, only } = query;
    // The newest is taken from the end.
    this.#waiting = [...waiting.keys()]
      .filter((runNo) => runNo < below && (only === undefined || runNo === only))
      .sort((one, other) => one - other);
    this.#below = Math.min(Number.MAX_SAFE_INTEGER, idBehind(below - 1));
  }

  next(): WalkedRun | null {
    this.#fill();
    const runNo = Math.max(this.#read[0]?.runNo ?? -1, this.#waiting.at(-1) ?? -1);
    if (runNo === -1) return null;
    const isWaiting = this.#waiting.at(-1) === runNo;
    if (isWaiting) this.#waiting.pop();
    const blocks: Candidate[] = [];
    while (this.#read[0]?.runNo === runNo) {
      blocks.push(this.#read.shift() as Candidate);
      this.#fill();
    }
    return { runNo, blocks, isWaiting };
  }

  #fill(): void {
    if (this.#read.length > 0 || this.#isEnd) return;
    const { text, only } = this.#query;
    this.#read = [...this.#blocks.candidates(text, { below: this.#below, limit: CANDIDATES_A_READ, only })];
    this.#below = this.#read.at(-1)?.id ?? 0;
    this.#isEnd = this.#read.length < CANDIDATES_A_READ;
  }
}
