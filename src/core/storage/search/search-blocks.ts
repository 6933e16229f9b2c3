import type { Prepare, SearchFile } from './search-file.ts';
import { foldText } from './search-texts.ts';

/** Blocks that a run can have; with it the id of a block stays a whole number in JavaScript up to 4,000,000,000 runs. */
const BLOCKS_OF_RUN = 2 ** 21;
// FTS5 takes whole numbers only, and better-sqlite3 hands large ones over as fractions: hence the CASTs below.
/** A text of more three-character pieces is narrowed down well enough by these many of them. */
const MOST_PIECES = 40;

/** How far a run is in the index. */
export interface Indexed {
  readonly seq: number;
  readonly line: number;
  readonly nextBlock: number;
}

/** A stretch of a run: events behind `afterSeq` up to `toSeq`, lines behind `afterLine` up to `toLine`. */
export interface Block {
  readonly afterSeq: number;
  readonly toSeq: number;
  readonly afterLine: number;
  readonly toLine: number;
}

/** One that is written, with its texts. */
export interface NewBlock extends Block {
  readonly text: string;
  /** The text is longer than what is taken of it. */
  readonly isCut: boolean;
}

/** Blocks of a run behind those that it has, and how far it is with them. */
export interface Addition {
  readonly runNo: number;
  readonly runId: string;
  readonly blocks: readonly NewBlock[];
  readonly to: Indexed;
}

/** A block that may hold the text. */
export interface Candidate extends Block {
  readonly id: number;
  readonly runNo: number;
}

/** Which blocks are looked for. */
export interface CandidateQuery {
  /** Folded. */
  readonly text: string;
  /** Blocks with an id below this one; none = all. */
  readonly below?: number | undefined;
  /** At most so many; none = all. */
  readonly limit?: number | undefined;
  /** Of this run only. */
  readonly only?: number | undefined;
}

/** About so many pages of FTS5 are written in one step of joining: some milliseconds. */
const PAGES_A_MERGE = 64;

const NOT_INDEXED: Indexed = { seq: 0, line: 0, nextBlock: 0 };

/** The id below which all blocks of runs up to a number lie. */
export const idBehind = (runNo: number): number => (runNo + 1) * BLOCKS_OF_RUN;

/** Room that is given back in one step of compacting: some milliseconds. */
const PAGES_A_VACUUM = 256;

/** What of the file the rows need, or of a second connection to it. */
export type AskedFile = Pick<SearchFile, 'ask' | 'generation'>;

/** Rows of the index. */
export class SearchBlocks {
  readonly #file: AskedFile;

  constructor(file: AskedFile) {
    this.#file = file;
  }

  /** How far a run is in the index. */
  indexed(runNo: number): Indexed {
    const row = this.#file.ask((prepare) =>
      prepare('SELECT seq, line, next_block AS nextBlock FROM indexed WHERE run_no = ?').get(runNo),
    );
    return (row as Indexed | undefined) ?? NOT_INDEXED;
  }

  /** Runs with a number above another that are in the index, in the order of their numbers. */
  page(afterRunNo: number, limit: number): readonly (Indexed & { readonly runNo: number; readonly runId: string })[] {
    return this.#file.ask((prepare) =>
      prepare(
        `SELECT run_no AS runNo, run_id AS runId, seq, line, next_block AS nextBlock FROM indexed WHERE run_no > ?
           ORDER BY run_no LIMIT ?`,
      ).all(afterRunNo, limit),
    ) as (Indexed & { runNo: number; runId: string })[];
  }

  /** Adds blocks of runs, all or nothing. Nothing to a file that was just made anew. */
  add(additions: readonly Addition[]): void {
    const { generation } = this.#file;
    this.#file.ask((prepare, db) =>
      db.transaction(() => {
        if (this.#file.generation !== generation) return;
        // FTS5 begins a new part of its index whenever a number is lower than the one before.
        for (const one of additions.toSorted((a, b) => a.runNo - b.runNo)) addRun(prepare, one);
      })(),
    );
  }

  /**
   * Joins some of the parts that FTS5 makes with each commit; false = few enough are left. Left to itself it joins them whenever it likes,
   * which may hold the thread for seconds.
   */
  merge(): boolean {
    return this.#merge(PAGES_A_MERGE);
  }

  #merge(pages: number): boolean {
    return this.#file.ask((prepare, db) => {
      const changes = (): number => db.prepare('SELECT total_changes()').pluck().get() as number;
      const before = changes();
      prepare("INSERT INTO words(words, rank) VALUES ('merge', ?)").run(pages);
      // What FTS5 says: fewer than two changes = nothing was joined.
      return changes() - before >= 2;
    });
  }

  /** Removes the words of a run. */
  forget(runId: string): void {
    this.#file.ask((prepare, db) =>
      db.transaction(() => {
        const runNo = prepare('SELECT run_no FROM indexed WHERE run_id = ?').pluck().get(runId);
        if (typeof runNo !== 'number') return;
        const [first, last] = [runNo * BLOCKS_OF_RUN, (runNo + 1) * BLOCKS_OF_RUN - 1];
        const ids = prepare('SELECT id FROM blocks WHERE id BETWEEN ? AND ?').pluck().all(first, last);
        const words = prepare('DELETE FROM words WHERE rowid = CAST(? AS INTEGER)');
        for (const id of ids) words.run(id);
        prepare('DELETE FROM blocks WHERE id BETWEEN ? AND ?').run(first, last);
        prepare('DELETE FROM indexed WHERE run_no = ?').run(runNo);
      })(),
    );
  }

  /** Blocks that hold all pieces of a text, the newest run first. */
  candidates({ text, below, limit, only }: CandidateQuery): readonly Candidate[] {
    const least = only === undefined ? 0 : only * BLOCKS_OF_RUN;
    const most = Math.min(below ?? Number.MAX_SAFE_INTEGER, only === undefined ? Infinity : idBehind(only));
    const pieces = piecesOf(text);
    const matches = pieces === null ? 'blocks WHERE' : 'words WHERE words MATCH ? AND';
    const rows = this.#file.ask((prepare) =>
      prepare(
        `SELECT b.id, b.after_seq AS afterSeq, b.to_seq AS toSeq, b.after_line AS afterLine, b.to_line AS toLine
           FROM (SELECT rowid FROM ${matches} rowid < CAST(? AS INTEGER) AND rowid >= CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?) w
           JOIN blocks b ON b.id = w.rowid ORDER BY b.id DESC`,
      ).all(...(pieces === null ? [] : [pieces]), most, least, limit ?? -1),
    ) as (Block & { id: number })[];
    return rows.map((row) => ({ ...row, runNo: Math.floor(row.id / BLOCKS_OF_RUN) }));
  }

  /** The runs that were not in the index when all others of this very store were, by number; null = it was another, or nobody has noted it. */
  waitingIn(store: string): readonly (readonly [number, string])[] | null {
    const waiting = this.#file.ask((prepare) =>
      prepare('SELECT waiting FROM reached WHERE store = ?').pluck().get(store),
    );
    return waiting === undefined ? null : (JSON.parse(waiting as string) as [number, string][]);
  }

  /** Notes that. */
  noteReached(store: string, waiting: Iterable<readonly [number, string]>): void {
    this.#file.ask((prepare) =>
      prepare('INSERT OR REPLACE INTO reached VALUES (1, ?, ?)').run(store, JSON.stringify([...waiting])),
    );
  }

  /** How many blocks are cut. */
  get cutCount(): number {
    return this.#file.ask((prepare) => prepare('SELECT count(*) FROM blocks WHERE is_cut = 1').pluck().get()) as number;
  }

  /**
   * Joins all parts of the index without the words that were removed and gives the room back, piece by piece: who asks for the next piece goes
   * on. Errors: `store.busy`, `file.disk_full`.
   */
  *compaction(): Generator<void> {
    // A number below 0 makes one part of all of them, where `merge` joins only those of one size.
    for (let isMore = this.#merge(-PAGES_A_MERGE); isMore; isMore = this.merge()) yield;
    const number = (name: string): number => this.#file.ask((_, db) => db.pragma(name, { simple: true })) as number;
    // Files that were made before they could shrink in pieces become such ones, once.
    if (number('auto_vacuum') === 0) this.#file.ask((_, db) => db.exec('VACUUM'));
    while (number('freelist_count') > 0) {
      this.#file.ask((_, db) => db.pragma(`incremental_vacuum(${PAGES_A_VACUUM})`));
      yield;
    }
    this.#file.ask((_, db) => db.pragma('wal_checkpoint(TRUNCATE)'));
  }
}

function addRun(prepare: Prepare, { runNo, runId, blocks, to }: Addition): void {
  const block = prepare('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)');
  const words = prepare('INSERT INTO words(rowid, text) VALUES (CAST(? AS INTEGER), ?)');
  for (const [at, { afterSeq, toSeq, afterLine, toLine, text, isCut }] of blocks.entries()) {
    const id = runNo * BLOCKS_OF_RUN + to.nextBlock - blocks.length + at;
    block.run(id, afterSeq, toSeq, afterLine, toLine, isCut ? 1 : 0);
    words.run(id, foldText(text));
  }
  prepare('INSERT OR REPLACE INTO indexed VALUES (?, ?, ?, ?, ?)').run(runNo, runId, to.seq, to.line, to.nextBlock);
}

/** A question of FTS5: all of these three characters, in whatever order; null = the text is shorter, so every block may hold it. */
function piecesOf(folded: string): string | null {
  const letters = [...folded];
  const pieces = new Set<string>();
  for (let at = 0; at + 3 <= letters.length; at += 1) pieces.add(letters.slice(at, at + 3).join(''));
  const all = [...pieces].filter((piece) => !piece.includes('\0'));
  if (all.length === 0) return null;
  const step = Math.max(1, all.length / MOST_PIECES);
  const chosen = Array.from({ length: Math.min(all.length, MOST_PIECES) }, (_, at) => all[Math.floor(at * step)] ?? '');
  return chosen.map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ');
}
