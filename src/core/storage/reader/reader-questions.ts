import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../shared/errors.ts';
import type { SpendGroup } from '../../../shared/model/cost.ts';
import type { CalendarPeriod } from '../../time/index.ts';
import { BlobStore } from '../blobs.ts';
import type { CostFilter } from '../cost-filter.ts';
import { CostRepository } from '../cost-repository.ts';
import { type Connection, findProblem, openReadOnly } from '../database.ts';
import { type Removed, RoomReader } from '../room-reader.ts';
import { RunEvents } from '../run-events.ts';
import { RunHistory } from '../run-history.ts';
import { RunStatisticsReader, type StatisticsFilter } from '../run-statistics.ts';
import { lineText, nothingWhereDamaged, RunTexts } from '../search/run-texts.ts';
import {
  type Block,
  type Candidate,
  type CandidateQuery,
  type Indexed,
  SearchBlocks,
} from '../search/search-blocks.ts';
import { findWordProblem, isIndexDamage } from '../search/search-file.ts';
import { SettledLines } from '../settled-lines.ts';
import { type SpendFilter, SpendReader, type SpentBy } from '../spend-reader.ts';

/** Where the files are that are read from. */
export interface ReaderPlaces {
  readonly storeFile: string;
  readonly logsFile: string;
  readonly searchFile: string;
  readonly blobsDir: string;
}

/** All that can be asked of the second connection. */
export type ReaderQuestions = ReturnType<typeof openQuestions>;

/** Each file is opened with the first question about it. */
export function openQuestions(places: ReaderPlaces) {
  const state = once(() => readState(openReadOnly(places.storeFile), new BlobStore(places.blobsDir)));
  const lines = once(() => new SettledLines(openReadOnly(places.logsFile)));
  const texts = once(
    () =>
      new RunTexts({
        readEvents: (runId, afterSeq, count) => state().events.read(runId, afterSeq, count),
        readLines: (runId, afterLine, count) => lines().read(runId, afterLine, count),
      }),
  );
  const index = openIndex(places.searchFile);
  const room = once(() => new RoomReader(openReadOnly(places.storeFile), openReadOnly(places.logsFile)));
  return {
    /** What SQLite's own check says of the store; null = nothing is wrong. */
    checkState: () => checkFile(places.storeFile, findProblem),
    /** The same of the index of the search, with what FTS5 says. */
    checkIndex: () => checkFile(places.searchFile, (db) => findProblem(db) ?? findWordProblem(db)),
    costSummary: (filter: CostFilter) => state().costs.summary(filter),
    costRecords: ({ limit, cursor, ...filter }: CostFilter & { limit: number; cursor?: string | undefined }) =>
      state().costs.records(filter, limit, cursor),
    /** What was spent in periods, in their order. */
    spend: ({ periods, by, filter }: { periods: readonly CalendarPeriod[]; by: SpendGroup; filter: SpendFilter }) =>
      periods.map((period) => state().spend.period(period, by, filter)),
    /** What several spent in periods: for each of these, in the order of those. */
    spentBy: ({ periods, several }: { periods: readonly CalendarPeriod[]; several: readonly SpentBy[] }) =>
      periods.map((period) => state().spend.spentBy(period, several)),
    /** The instant of the first record of all; null = there is none. */
    firstSpend: () => state().spend.firstAt(),
    spentByRuns: ({ since, until }: { since: number; until: number }) => state().spend.runs(since, until),
    /** How runs fared that were started within the periods. */
    runStatistics: ({ periods, filter }: { periods: readonly CalendarPeriod[]; filter: StatisticsFilter }) =>
      state().statistics.read(periods, filter),
    /** The instant of the first run of all; null = there is none. */
    firstRun: () => state().statistics.firstAt(),
    agentRecords: ({ workflow, max }: { workflow: string; max: number }) => state().history.agents(workflow, max),
    /** What single runs take, in the order of their numbers. */
    runSizes: ({ after, limit }: { after: number; limit: number }) => room().runs(after, limit),
    blobUses: () => room().blobUses(),
    fileSizes: () => room().sizes(),
    /** What both files will take once something is removed and they are compacted. */
    fileSizesWithout: (removed: Removed) => room().sizesWithout(removed),
    /** Stretches of runs that may hold a text; `generation` says which file it is. */
    candidates: ({ generation, ...query }: CandidateQuery & { generation: number }): readonly Candidate[] =>
      index(generation, (blocks) => blocks.candidates(query)),
    /** How far a run is in the index, and which of its stretches may hold a text: both of one moment. */
    indexedRun: ({ generation, runNo, text }: { generation: number; runNo: number; text: string }) =>
      index(generation, (blocks): { indexed: Indexed; blocks: readonly Candidate[] } => ({
        indexed: blocks.indexed(runNo),
        blocks: blocks.candidates({ text, only: runNo }),
      })),
    /** What stands in a stretch of a run. */
    blockTexts: ({ runId, block }: { runId: string; block: Block }) => texts().inBlock(runId, block),
    /** Lines of a run that hold a text, behind `after` and up to `to`. */
    linesHolding: (asked: { runId: string; text: string; after: number; to: number; limit: number }) =>
      nothingWhereDamaged(() => lines().holding(asked).map(lineText)),
  };
}

const readState = (db: Connection, blobs: BlobStore) => ({
  events: new RunEvents(db, blobs),
  costs: new CostRepository(db),
  history: new RunHistory(db),
  spend: new SpendReader(db),
  statistics: new RunStatisticsReader(db),
});

/** A connection of its own: what FTS5 remembers of an index in one that is open is not always the index of this moment. */
function checkFile(file: string, look: (db: Connection) => string | null): string | null {
  const db = openReadOnly(file);
  try {
    return look(db);
  } finally {
    db.close();
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Asks the index of the search; another generation is another file under its name. */
function openIndex(file: string): <T>(generation: number, question: (blocks: SearchBlocks) => T) => T {
  let open: { readonly generation: number; readonly db: Connection; readonly blocks: SearchBlocks } | null = null;
  const at = (generation: number): { readonly db: Connection; readonly blocks: SearchBlocks } => {
    if (open?.generation === generation) return open;
    open?.db.close();
    open = null;
    const db = openReadOnly(file);
    const statements = new Map<string, Statement>();
    const prepare = (sql: string): Statement => {
      const known = statements.get(sql) ?? db.prepare(sql);
      statements.set(sql, known);
      return known;
    };
    open = { generation, db, blocks: new SearchBlocks({ generation, ask: (question) => question(prepare, db) }) };
    return open;
  };
  return (generation, question) => {
    try {
      const { db, blocks } = at(generation);
      // One moment for all that is asked.
      return db.transaction(() => question(blocks))();
    } catch (error) {
      if (isIndexDamage(error))
        throw new AppError('store.corrupt', 'The index of the search is damaged.', { cause: error });
      throw error;
    }
  };
}
