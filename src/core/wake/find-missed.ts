import type { Occurrence } from '../../shared/model/trigger.ts';
import type { ExpectedStart, WakeRecord } from './wake-record.ts';

/** A start that did not happen. */
export interface MissedStart extends ExpectedStart {
  /** `silent` whoever holds the project does not answer; `asks` a person decides; `unknown` nobody wrote down what became of it. */
  readonly why: 'closed' | 'asleep' | 'clock_jumped' | 'missed' | 'failed' | 'asks' | 'unknown' | 'silent';
  readonly error: string | null;
}

/** Until so late after its time a start may stand without a row, UTC ms: whoever serves triggers looks at least once a minute. */
const GRACE_MS = 120_000;

/** What the timer sees of the ledger. */
export interface WitnessedLedger {
  /** Rows that were touched lately, of any state. */
  readonly rows: readonly Occurrence[];
  /** Names of workflows by key, of the schedules that are armed. */
  readonly armed: ReadonlyMap<string, string>;
  /** Whoever holds the project tells of missed starts himself. */
  readonly isTold: boolean;
}

/** A start by its trigger and its time. */
export const nameOfStart = ({ key, at }: Pick<ExpectedStart, 'key' | 'at'>): string => `${key} ${at}`;

/**
 * Expected starts that did not happen and that nobody was told of; `ledger` null = whoever holds the project does not answer. `record` is what
 * the look before left, `now` in UTC ms.
 */
export function findMissed(record: WakeRecord, ledger: WitnessedLedger | null, now: number): readonly MissedStart[] {
  const told = new Set(record.told);
  const overdue = record.expected.filter((one) => now - one.at > GRACE_MS && !told.has(nameOfStart(one)));
  if (ledger === null) return overdue.map((one) => ({ ...one, why: 'silent', error: null }));
  const { rows, armed, isTold } = ledger;
  const hasRow = new Set(
    rows.flatMap(({ triggerKey: key, plannedAt, dueAt }) => [plannedAt, dueAt].map((at) => nameOfStart({ key, at }))),
  );
  const lost = overdue.filter((one) => armed.has(one.key) && !hasRow.has(nameOfStart(one)));
  const ended = isTold ? [] : rows.filter(({ at }) => at > record.toldUntil).flatMap((row) => toMissed(row, armed));
  return [...ended, ...lost.map((one): MissedStart => ({ ...one, why: 'unknown', error: null }))];
}

function toMissed(row: Occurrence, armed: WitnessedLedger['armed']): readonly MissedStart[] {
  const why = whyOf(row);
  if (why === null) return [];
  const { triggerKey: key, plannedAt: at, evidence } = row;
  return [{ key, at, workflowName: armed.get(key) ?? key, why, error: evidence.error?.message ?? null }];
}

function whyOf({ state, reason, evidence }: Occurrence): MissedStart['why'] | null {
  if (state === 'failed_to_start') return 'failed';
  if (state === 'planned') return reason === 'asks' ? 'asks' : null;
  if (state !== 'missed' || reason === 'person_said_no') return null;
  const { missed } = evidence;
  return missed === undefined || missed === 'late' ? 'missed' : missed;
}
