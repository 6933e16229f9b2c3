import type { Statement } from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import type { DeliveryState, TriggerKind } from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';
import { type JournalRow, readBareRow } from './journal-rows.ts';

/** A series as it is stored; of a histogram `value` is the sum. */
export interface StoredSeries {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly value: number;
  readonly buckets: readonly number[];
  readonly count: number;
  readonly least: number | null;
  readonly greatest: number | null;
}

/** All that was counted so far. */
export interface StoredMetrics {
  readonly series: readonly StoredSeries[];
  /** When what is still under way began; the path of a run itself is empty. */
  readonly starts: readonly { readonly runId: string; readonly path: string; readonly at: number }[];
}

/** A row of the journal that was not counted yet, without the large values of its events. */
export interface CountedRow {
  readonly runId: string;
  readonly workflowId: string;
  readonly agent: string | null;
  readonly position: number;
  /** Of its newest event. */
  readonly seq: number;
  readonly events: readonly { readonly at: number; readonly event: RunEvent }[];
}

/** Something that came, and what its sender was told. */
export interface DeliveryCode {
  readonly no: number;
  readonly kind: Exclude<TriggerKind, 'schedule'>;
  readonly endpoint: string;
  readonly state: DeliveryState;
  /** The check that it did not pass, of what was refused. */
  readonly refusedBy: string | null;
}

/** What one step of counting has changed: one transaction. */
export interface CountedPage {
  readonly series: readonly StoredSeries[];
  /** `at` null = it is not under way any more. */
  readonly starts: readonly { readonly runId: string; readonly path: string; readonly at: number | null }[];
  readonly rows: readonly Pick<CountedRow, 'runId' | 'seq' | 'position'>[];
  /** Number of the last delivery that was counted; absent = none was. */
  readonly delivery?: number;
}

const JOURNAL_CURSOR = 'metrics';
const DELIVERY_CURSOR = 'metrics-deliveries';
/** A commit may become durable after a later one: so many positions before the cursor are looked at again. */
const LOOKED_AGAIN = 2_000;

const SCHEDULE_ENDS = "('planned', 'claimed')";

/** What the metrics keep, and what they read to go on (SPEC §10). */
export class MetricRepository {
  readonly #transaction: (work: () => void) => void;
  readonly #series: Statement;
  readonly #starts: Statement;
  readonly #cursor: Statement;
  readonly #rows: Statement;
  readonly #deliveries: Statement;
  readonly #putSeries: Statement;
  readonly #dropSeries: Statement;
  readonly #putStart: Statement;
  readonly #dropStart: Statement;
  readonly #putRun: Statement;
  readonly #dropRuns: Statement;
  readonly #moveCursor: Statement;
  readonly #running: Statement;
  readonly #queued: Statement;
  readonly #withoutRuns: Statement;
  readonly #plannedStarts: Statement;

  constructor(db: Connection) {
    this.#transaction = (work) => db.transaction(work).immediate();
    this.#series = db.prepare('SELECT * FROM metric_series ORDER BY metric, labels');
    this.#starts = db.prepare('SELECT run_id AS runId, path, at FROM metric_starts');
    this.#cursor = db.prepare('SELECT position FROM cursors WHERE name = ?').pluck();
    this.#rows = db.prepare(`SELECT j.position, j.seq, j.type, j.v, j.at, j.actor, j.data, j.sum, r.run_id AS runId,
      r.workflow_id AS workflowId, r.agent, m.seq AS counted
      FROM journal j JOIN runs r ON r.run_no = j.stream LEFT JOIN metric_runs m ON m.run_id = r.run_id
      WHERE j.position > ? AND r.trigger <> 'replay' AND (m.seq IS NULL OR j.seq > m.seq) ORDER BY j.position LIMIT ?`);
    // What has not ended yet is waited for: it is counted as what it became.
    this.#deliveries = db.prepare(`SELECT delivery_no AS no, kind, endpoint, state,
      iif(kind = 'webhook' AND state = 'rejected', checks ->> '$[#-1].name', NULL) AS refusedBy
      FROM deliveries WHERE delivery_no > ?
      AND delivery_no < coalesce((SELECT min(delivery_no) FROM deliveries WHERE state = 'received'), 9e15)
      ORDER BY delivery_no LIMIT ?`);
    this.#putSeries = db.prepare('INSERT OR REPLACE INTO metric_series VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#dropSeries = db.prepare('DELETE FROM metric_series WHERE metric = ? AND labels = ?');
    this.#putStart = db.prepare('INSERT OR REPLACE INTO metric_starts VALUES (?, ?, ?)');
    this.#dropStart = db.prepare('DELETE FROM metric_starts WHERE run_id = ? AND path = ?');
    this.#putRun = db.prepare('INSERT OR REPLACE INTO metric_runs VALUES (?, ?, ?)');
    this.#dropRuns = db.prepare('DELETE FROM metric_runs WHERE position < ?');
    this.#moveCursor = db.prepare('INSERT OR REPLACE INTO cursors(name, position) VALUES (?, ?)');
    this.#running = db.prepare(
      "SELECT workflow_id AS workflowId, count(*) AS n FROM runs WHERE status = 'running' AND trigger <> 'replay' GROUP BY workflow_id",
    );
    this.#queued = db.prepare("SELECT count(*) FROM runs WHERE status = 'waiting' AND waits_for = 'queue'").pluck();
    this.#withoutRuns = db
      .prepare('SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM runs WHERE workflow_id = value)')
      .pluck();
    this.#plannedStarts = db.prepare(`SELECT state, sum(n) AS n FROM occurrence_counts
      WHERE state NOT IN ${SCHEDULE_ENDS} GROUP BY state HAVING sum(n) > 0`);
  }

  /** What was counted before. */
  load(): StoredMetrics {
    const rows = this.#series.all() as (Omit<StoredSeries, 'labels' | 'buckets'> &
      Record<'labels' | 'buckets', string>)[];
    const series = rows.map((row) => ({
      ...row,
      labels: JSON.parse(row.labels) as string[],
      buckets: JSON.parse(row.buckets) as number[],
    }));
    return { series, starts: this.#starts.all() as StoredMetrics['starts'] };
  }

  /** Rows after a position of which something was not counted yet, oldest first; what is damaged has no events. */
  uncounted(after: number, limit: number): readonly CountedRow[] {
    const rows = this.#rows.all(after, limit) as (JournalRow & {
      runId: string;
      workflowId: string;
      agent: string | null;
      counted: number | null;
    })[];
    return rows.map(({ runId, workflowId, agent, counted, ...row }) => ({
      ...{ runId, workflowId, agent, position: row.position, seq: row.seq },
      events: readEvents(runId, row).filter(({ seq }) => seq > (counted ?? 0)),
    }));
  }

  /** Where counting begins: some way before where it ended. */
  get start(): number {
    return Math.max(0, this.#place(JOURNAL_CURSOR) - LOOKED_AGAIN);
  }

  /** What came and was not counted yet, and has become something. */
  uncountedDeliveries(limit: number): readonly DeliveryCode[] {
    return this.#deliveries.all(this.#place(DELIVERY_CURSOR), limit) as DeliveryCode[];
  }

  /** Writes what a step of counting has changed, with how far it got. */
  save({ series, starts, rows, delivery }: CountedPage): void {
    this.#transaction(() => {
      for (const one of series) this.#putSeries.run(...toRow(one));
      for (const { runId, path, at } of starts)
        if (at === null) this.#dropStart.run(runId, path);
        else this.#putStart.run(runId, path, at);
      for (const { runId, seq, position } of rows) this.#putRun.run(runId, seq, position);
      const last = rows.at(-1)?.position ?? 0;
      if (last > this.#place(JOURNAL_CURSOR)) {
        this.#moveCursor.run(JOURNAL_CURSOR, last);
        this.#dropRuns.run(last - 2 * LOOKED_AGAIN);
      }
      if (delivery !== undefined) this.#moveCursor.run(DELIVERY_CURSOR, delivery);
    });
  }

  /** Forgets series that have ended. */
  end(series: readonly Pick<StoredSeries, 'metric' | 'labels'>[]): void {
    this.#transaction(() => {
      for (const { metric, labels } of series) this.#dropSeries.run(metric, JSON.stringify(labels));
    });
  }

  /** How many runs are at work now, by workflow. */
  running(): ReadonlyMap<string, number> {
    const rows = this.#running.all() as { workflowId: string; n: number }[];
    return new Map(rows.map(({ workflowId, n }) => [workflowId, n]));
  }

  /** How many runs wait for their turn. */
  get queued(): number {
    return this.#queued.get() as number;
  }

  /** Those of the workflows that have no run any more. */
  withoutRuns(workflowIds: readonly string[]): readonly string[] {
    return this.#withoutRuns.all(JSON.stringify(workflowIds)) as string[];
  }

  /** Planned starts that have ended, by how. */
  plannedStarts(): ReadonlyMap<string, number> {
    const rows = this.#plannedStarts.all() as { state: string; n: number }[];
    return new Map(rows.map(({ state, n }) => [state, n]));
  }

  #place(name: string): number {
    return (this.#cursor.get(name) as number | undefined) ?? 0;
  }
}

function readEvents(runId: string, row: JournalRow): readonly { seq: number; at: number; event: RunEvent }[] {
  try {
    return readBareRow(`run:${runId}`, row) as { seq: number; at: number; event: RunEvent }[];
  } catch (error) {
    // The doctor and the run's own page say so; everything else is counted all the same.
    if (error instanceof AppError && error.code === 'store.corrupt') return [];
    throw error;
  }
}

const toRow = (one: StoredSeries): readonly (string | number | null)[] => [
  ...[one.metric, JSON.stringify(one.labels), one.value, JSON.stringify(one.buckets), one.count],
  ...[one.least, one.greatest],
];
