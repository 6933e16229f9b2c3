import type { Statement } from 'better-sqlite3';
import type { CalendarMark, OccurrenceState } from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';

/** What became of the starts of a trigger in one slot of a calendar. Instants are UTC ms. */
export interface CalendarGroup {
  readonly triggerKey: string;
  readonly mark: CalendarMark;
  readonly from: number;
  readonly until: number;
  readonly count: number;
}

/** Which part of the calendar is looked at; `slotMs` is how wide a group may be. */
export interface CalendarQuery {
  readonly from: number;
  readonly until: number;
  readonly slotMs: number;
  readonly limit: number;
}

/** What is begun is marked by its run, unless that went well; the same words as the screen has for runs. */
const BEGUN = `CASE r.status WHEN 'failed' THEN 'failed' WHEN 'cancelled' THEN 'cancelled' WHEN 'in_doubt' THEN 'in_doubt'
  WHEN 'running' THEN 'running' WHEN 'waiting' THEN 'waiting' WHEN 'paused' THEN 'waiting'`;

/** The ledger and the inbox as a calendar shows them: grouped by trigger, slot and what became of it, so that a year costs no more than a day. */
export class TriggerCalendar {
  readonly #occurrences: Statement;
  readonly #deliveries: Statement;
  readonly #startsSince: Statement;

  constructor(db: Connection) {
    this.#occurrences = db.prepare(`SELECT t.key AS triggerKey,
      CASE o.state WHEN 'started' THEN ${BEGUN} ELSE iif(o.reason = 'late', 'late', 'ran') END
        WHEN 'caught_up' THEN ${BEGUN} ELSE 'late' END WHEN 'failed_to_start' THEN 'failed' WHEN 'skipped_overlap' THEN 'skipped'
        WHEN 'skipped_paused' THEN 'paused' WHEN 'missed' THEN 'missed' ELSE 'open' END AS mark,
      min(o.planned_at) AS "from", max(o.planned_at) AS "until", count(*) AS count
      FROM occurrences o JOIN triggers t USING (trigger_no) LEFT JOIN runs r ON r.run_id = o.run_id
      WHERE o.planned_at >= @from AND o.planned_at < @until
      GROUP BY o.trigger_no, (o.planned_at - @from) / @slotMs, mark ORDER BY min(o.planned_at) LIMIT @limit`);
    this.#deliveries = db.prepare(`SELECT t.key AS triggerKey,
      CASE d.state WHEN 'started' THEN ${BEGUN} ELSE 'ran' END WHEN 'received' THEN 'open' WHEN 'failed' THEN 'failed'
        WHEN 'rejected' THEN 'refused' ELSE 'skipped' END AS mark,
      min(d.received_at) AS "from", max(d.received_at) AS "until", count(*) AS count
      FROM deliveries d JOIN triggers t USING (trigger_no) LEFT JOIN runs r ON r.run_id = d.run_id
      WHERE d.received_at >= @from AND d.received_at < @until
      GROUP BY d.trigger_no, (d.received_at - @from) / @slotMs, mark ORDER BY min(d.received_at) LIMIT @limit`);
    this.#startsSince = db.prepare(`SELECT o.state, count(*) AS n FROM occurrences o WHERE o.planned_at >= @from
      AND (@key IS NULL OR o.trigger_no = (SELECT trigger_no FROM triggers WHERE key = @key)) GROUP BY o.state`);
  }

  /** How many starts were planned since, UTC ms, by state; of one trigger, or of all with null. */
  startsSince(from: number, triggerKey: string | null): ReadonlyMap<OccurrenceState, number> {
    const rows = this.#startsSince.all({ from, key: triggerKey }) as { state: OccurrenceState; n: number }[];
    return new Map(rows.map(({ state, n }) => [state, n]));
  }

  /** What became of planned starts and of what came, each in order of time, at most `limit` groups of each. */
  read(query: CalendarQuery): readonly CalendarGroup[] {
    const values = { ...query, slotMs: Math.max(1, Math.floor(query.slotMs)) };
    return [
      ...(this.#occurrences.all(values) as CalendarGroup[]),
      ...(this.#deliveries.all(values) as CalendarGroup[]),
    ];
  }
}
