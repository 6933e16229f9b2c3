import type { Statement } from 'better-sqlite3';
import type { Connection } from '../database.ts';
import type { Journal } from '../journal.ts';
import type { LogStore } from '../log-store.ts';
import { type PlacedText, RunTexts } from './run-texts.ts';
import type { Addition, Indexed, NewBlock, SearchBlocks } from './search-blocks.ts';
import type { SearchFile } from './search-file.ts';

/** What the index is made of. `clean` takes out secrets. */
export interface SearchSources {
  readonly db: Connection;
  readonly journal: Journal;
  readonly logs: LogStore;
  /** How often lines were written: another number = another file of them, or more. */
  readonly writes: () => number;
  readonly clean: (text: string) => string;
}

const SWEEP_PAGE = 500;
const EVENTS_A_READ = 200;
const LINES_A_READ = 1_000;
/** About so much text is one block: small enough to be looked through at once, large enough that few are needed. */
const BLOCK_CHARS = 4_000;
/** Of a longer value or line only so much is taken: a batch is to hold the thread for some hundredths of a second. */
const MOST_CHARS = 131_072;
const BATCH_CHARS = 16_384;
/** What reading a run costs beside its texts. */
const RUN_CHARS = 256;
/** A run that goes on is taken in stretches: until then its newest lines are looked through. */
const STRETCH_EVENTS = 50;
const STRETCH_LINES = 100;
/** While more runs are waiting than that it is not noted which ones. */
const MOST_NOTED = 1_000;
/** A commit may become durable after one with a higher position: so many before the newest are looked at again. */
const LOOKED_AGAIN = 2_000;

interface RunHead {
  readonly runNo: number;
  readonly runId: string;
  /** Of its newest event. */
  readonly seq: number | null;
}

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Fills the index from committed events and written lines, run by run, each from its own cursor. It knows which runs have something that
 * is not in it yet: once by comparing all of them, then by what was committed and written since.
 */
export class SearchIndex {
  readonly #file: SearchFile;
  readonly #blocks: SearchBlocks;
  readonly #sources: SearchSources;
  readonly #texts: RunTexts;
  readonly #page: Statement;
  readonly #committed: Statement;
  readonly #runOf: Statement;
  readonly #newest: Statement;
  /** Number -> id of the runs of which something is not in the index. */
  readonly #waiting = new Map<number, string>();
  #sweeping: Promise<void> | null = null;
  #generation = -1;
  /** It was found out once which runs are waiting. */
  #knowsAll = false;
  /** What was noted last: where nothing has changed since, nothing is to be noted. */
  #noted = '';
  #seenTo = 0;
  /** Nothing was committed between the last two looks: one that came late was seen by then. */
  #wasQuiet = false;
  #isRebuilding = false;

  constructor(file: SearchFile, blocks: SearchBlocks, sources: SearchSources) {
    const { db } = sources;
    this.#file = file;
    this.#blocks = blocks;
    this.#sources = sources;
    this.#texts = new RunTexts({
      readEvents: (runId, afterSeq, count) => sources.journal.readRun(runId, afterSeq, count),
      readLines: (runId, afterLine, count) => sources.logs.read(runId, { from: afterLine + 1, limit: count }).lines,
    });
    this.#page =
      db.prepare(`SELECT run_no AS runNo, run_id AS runId, (SELECT max(seq) FROM journal WHERE stream = run_no) AS seq
      FROM runs WHERE run_no > ? ORDER BY run_no LIMIT ?`);
    this.#committed = db.prepare(`SELECT j.stream AS runNo, r.run_id AS runId, max(j.seq) AS seq FROM journal j
      JOIN runs r ON r.run_no = j.stream WHERE j.position > ? GROUP BY j.stream`);
    this.#runOf = db.prepare(`SELECT run_no AS runNo, status IN ('completed', 'failed', 'cancelled') AS isEnded,
      (SELECT max(seq) FROM journal WHERE stream = run_no) AS seq FROM runs WHERE run_id = ?`);
    this.#newest = db
      .prepare(`SELECT position || ':' || at || ':' || coalesce(sum, '') || ':' || (SELECT count(*) FROM runs)
      FROM journal WHERE NOT EXISTS (SELECT 1 FROM leftovers WHERE kind = 'run') ORDER BY position DESC LIMIT 1`)
      .pluck();
  }

  /** The runs of which something may not be in the index, after `look`. */
  get waiting(): ReadonlyMap<number, string> {
    return this.#waiting;
  }

  /** Most of the runs were not in it when it was opened, and it is not whole yet. */
  get isRebuilding(): boolean {
    return this.#isRebuilding;
  }

  /** Finds out what was committed and written since it was asked last. */
  async look(): Promise<void> {
    if (this.#generation !== this.#file.generation) this.#sweeping = null;
    if (this.#sweeping === null) this.#knowsAll = false;
    this.#sweeping ??= this.#sweep().catch((error: unknown) => {
      this.#sweeping = null;
      throw error;
    });
    await this.#sweeping;
    this.#knowsAll = true;
    this.#hear();
  }

  #hear(): void {
    const { journal, logs } = this.#sources;
    for (const runId of logs.takeGrown()) {
      const run = this.#find(runId);
      if (run !== null) this.#waiting.set(run.runNo, runId);
    }
    const to = journal.durablePosition;
    const isQuiet = to === this.#seenTo;
    if (isQuiet && this.#wasQuiet) return;
    this.#wasQuiet = isQuiet;
    const rows = this.#committed.all(Math.max(0, this.#seenTo - LOOKED_AGAIN)) as RunHead[];
    for (const { runNo, runId, seq } of rows)
      if (this.#blocks.indexed(runNo).seq !== seq) this.#waiting.set(runNo, runId);
    this.#seenTo = to;
  }

  /** Takes a batch in; false = nothing is left that can be. */
  feed(): boolean {
    const batch: Addition[] = [];
    let chars = 0;
    for (const [runNo, runId] of this.#waiting) {
      const taken = this.#take(runNo, runId);
      if (taken === null) continue;
      batch.push(taken);
      chars += RUN_CHARS + taken.blocks.reduce((sum, { text }) => sum + text.length, 0);
      if (chars >= BATCH_CHARS) break;
    }
    if (batch.length > 0) this.#blocks.add(batch);
    else {
      this.#isRebuilding = false;
      this.#note();
    }
    return this.#blocks.merge() || batch.length > 0;
  }

  /** Lines of a run as they can be found, with their secrets. */
  linesIn(runId: string, after: number, count: number): readonly PlacedText[] {
    try {
      return this.#texts.ofLines(runId, after, count);
    } finally {
      this.#sources.logs.letGo(runId);
    }
  }

  /** A run is gone. */
  forget(runId: string): void {
    this.#blocks.forget(runId);
    for (const [runNo, id] of this.#waiting) if (id === runId) this.#waiting.delete(runNo);
  }

  /** Notes how far it is, once it knows that. */
  close(): void {
    if (!this.#knowsAll || this.#generation !== this.#file.generation) return;
    this.#hear();
    this.#note();
  }

  /** Notes which runs are waiting: whoever opens this very store next need not compare all of them. */
  #note(): void {
    const { journal } = this.#sources;
    // A commit that is on its way, or was not heard of, would be missed.
    const isAll = journal.position === journal.durablePosition && journal.position === this.#seenTo;
    if (!isAll || this.#waiting.size > MOST_NOTED) return;
    const store = this.#storeNow();
    const noted = `${store} ${[...this.#waiting.keys()].join()}`;
    if (store === null || noted === this.#noted) return;
    this.#blocks.noteReached(store, this.#waiting);
    this.#noted = noted;
  }

  /** Tells this store, as it is at this moment, from any other; null = nothing was committed, or words of a run that is gone may be left. */
  #storeNow(): string | null {
    const newest = this.#newest.get() as string | undefined;
    return newest === undefined ? null : `${newest}:${this.#sources.writes()}`;
  }

  /** Finds out what is not in the index. */
  async #sweep(): Promise<void> {
    const store = this.#storeNow();
    const { durablePosition } = this.#sources.journal;
    const waiting = store === null ? null : this.#blocks.waitingIn(store);
    if (waiting === null) return this.#compareAll();
    this.#generation = this.#file.generation;
    this.#seenTo = durablePosition;
    for (const [runNo, runId] of waiting) this.#waiting.set(runNo, runId);
  }

  /** Compares all runs with the index, and the index with all runs. */
  async #compareAll(): Promise<void> {
    const { journal, logs } = this.#sources;
    const known = new Map<number, Indexed & { readonly runId: string }>();
    this.#seenTo = journal.durablePosition;
    for (let after = 0; ; ) {
      const page = this.#blocks.page(after, SWEEP_PAGE);
      for (const one of page) known.set(one.runNo, one);
      this.#generation = this.#file.generation;
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.runNo;
      await turnOver();
    }
    let runs = 0;
    for (let after = 0; ; ) {
      const page = this.#page.all(after, SWEEP_PAGE) as RunHead[];
      for (const { runNo, runId, seq } of page) {
        const indexed = known.get(runNo);
        known.delete(runNo);
        const [lastSeq, lastLine] = [seq ?? 0, logs.lastSettled(runId)];
        // A store that was put back, or a log that was lost: what stands in the index was another's.
        if (indexed !== undefined && (indexed.runId !== runId || indexed.seq > lastSeq || indexed.line > lastLine))
          this.#blocks.forget(indexed.runId);
        if (indexed === undefined || indexed.seq !== lastSeq || indexed.line !== lastLine)
          this.#waiting.set(runNo, runId);
      }
      const last = page.at(-1);
      if (last === undefined) break;
      runs += page.length;
      after = last.runNo;
      await turnOver();
    }
    for (const { runId } of known.values()) this.#blocks.forget(runId);
    this.#isRebuilding = runs > 0 && this.#waiting.size > runs / 2;
  }

  #find(runId: string): { readonly runNo: number; readonly isEnded: boolean; readonly seq: number } | null {
    const row = this.#runOf.get(runId) as { runNo: number; isEnded: number; seq: number | null } | undefined;
    return row === undefined ? null : { ...row, isEnded: row.isEnded === 1, seq: row.seq ?? 0 };
  }

  /** What is to be added of a run; null = nothing is left of it, or it is left for later. */
  #take(runNo: number, runId: string): Addition | null {
    const { logs } = this.#sources;
    const run = this.#find(runId);
    if (run === null) {
      this.#waiting.delete(runNo);
      return null;
    }
    const from = this.#blocks.indexed(runNo);
    const [events, lines] = [run.seq - from.seq, logs.lastSettled(runId) - from.line];
    const isWhole = events <= 0 && lines <= 0;
    if (isWhole && logs.total(runId) <= from.line) {
      this.#waiting.delete(runNo);
      logs.letGo(runId);
    }
    if (isWhole || (!run.isEnded && events < STRETCH_EVENTS && lines < STRETCH_LINES)) return null;
    const blocks: NewBlock[] = [];
    const writer = new BlockWriter(from, blocks);
    if (events > 0) this.#takeEvents(runId, from.seq, Math.min(events, EVENTS_A_READ), writer);
    if (lines > 0 && writer.chars < BATCH_CHARS && writer.seq >= run.seq)
      this.#takeLines(runId, from.line, Math.min(lines, LINES_A_READ), writer);
    writer.end();
    const to = { seq: writer.seq, line: writer.line, nextBlock: from.nextBlock + blocks.length };
    return { runNo, runId, blocks, to };
  }

  #takeEvents(runId: string, after: number, count: number, writer: BlockWriter): void {
    for (const { seq, texts } of this.#texts.ofEvents(runId, after, count)) {
      writer.take(
        texts.map(({ text }) => this.#sources.clean(text)),
        { seq },
      );
      if (writer.chars >= BATCH_CHARS) return;
    }
    writer.take([], { seq: after + count });
  }

  #takeLines(runId: string, after: number, count: number, writer: BlockWriter): void {
    for (const { text, line } of this.linesIn(runId, after, count)) {
      writer.take([this.#sources.clean(text)], { line: line ?? 0 });
      if (writer.chars >= BATCH_CHARS) return;
    }
    writer.take([], { line: after + count });
  }
}

/** Makes blocks of texts as they come. */
class BlockWriter {
  seq: number;
  line: number;
  chars = 0;
  readonly #blocks: NewBlock[];
  #from: Pick<Indexed, 'seq' | 'line'>;
  #texts: string[] = [];
  #blockChars = 0;
  #isCut = false;

  constructor(from: Indexed, blocks: NewBlock[]) {
    this.seq = from.seq;
    this.line = from.line;
    this.#from = from;
    this.#blocks = blocks;
  }

  /** Texts of the event or line up to which it is then. */
  take(texts: readonly string[], to: { readonly seq?: number; readonly line?: number }): void {
    this.seq = to.seq ?? this.seq;
    this.line = to.line ?? this.line;
    for (const text of texts) {
      this.#texts.push(text.slice(0, MOST_CHARS));
      this.#isCut ||= text.length > MOST_CHARS;
      this.#blockChars += Math.min(text.length, MOST_CHARS);
    }
    if (this.#blockChars >= BLOCK_CHARS) this.end();
  }

  end(): void {
    this.chars += this.#blockChars;
    const [afterSeq, afterLine] = [this.#from.seq, this.#from.line];
    if (this.#blockChars > 0)
      this.#blocks.push({
        ...{ afterSeq, toSeq: this.seq, afterLine, toLine: this.line },
        text: this.#texts.join('\n'),
        isCut: this.#isCut,
      });
    this.#from = { seq: this.seq, line: this.line };
    this.#texts = [];
    this.#blockChars = 0;
    this.#isCut = false;
  }
}
