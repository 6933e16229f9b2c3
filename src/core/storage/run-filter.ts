import { type Outcome, PARKED, type RunStatus, SEARCHED_RUNS } from '../../shared/model/run.ts';
import { holdsText } from './database.ts';
import { eventIn } from './migrations/state-007-joined-events.ts';

/** Which runs are meant; all given fields must hold. Instants in UTC ms. */
export interface RunFilter {
  readonly workflow?: string | undefined;
  readonly status?: readonly RunStatus[] | undefined;
  readonly outcome?: Outcome | undefined;
  readonly trigger?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only those that rest until a person says something. */
  readonly needsPerson?: true | undefined;
  /** True: only those that did their work. */
  readonly withoutReplays?: true | undefined;
  /** Taken literally, in any case. */
  readonly text?: string | undefined;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** SQL of `needsPerson` of the model. */
const NEEDS_PERSON: Condition = {
  sql: `(status = 'in_doubt' OR rollback = 'in_doubt' OR (status = 'waiting' AND waits_for = 'approval')
    OR (status = 'paused' AND (${PARKED.map((code) => `instr(error, '"code":"${code}"') > 0`).join(' OR ')})))`,
  values: [],
};

/** What `WHERE` says of a row of `runs`: one condition for each field that is given. */
export function conditionsOf(filter: RunFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  const add = (sql: string, ...values: (string | number)[]): void => void conditions.push({ sql, values });
  if (filter.workflow !== undefined) add('workflow_id = ?', filter.workflow);
  if (filter.status !== undefined && filter.status.length > 0)
    add(`status IN (${filter.status.map(() => '?').join(', ')})`, ...filter.status);
  if (filter.outcome !== undefined) add('outcome = ?', filter.outcome);
  if (filter.trigger !== undefined) add('trigger = ?', filter.trigger);
  if (filter.withoutReplays === true) add("trigger <> 'replay'");
  if (filter.since !== undefined) add('created_at >= ?', filter.since);
  if (filter.until !== undefined) add('created_at < ?', filter.until);
  if (filter.needsPerson === true) conditions.push(NEEDS_PERSON);
  if (filter.text !== undefined && filter.text !== '') conditions.push(textCondition(filter.text));
  return conditions;
}

/** The conditions as one `WHERE`, or nothing where there is none. */
export const joinConditions = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
  values: conditions.flatMap(({ values }) => values),
});

/** SQL: what a run was given, of its first row, and gave, of the row of its end. */
const GIVEN = `${eventIn('$[0]', 'j.data')} -> '$.inputs'`;
const GAVE = `iif(j.type IN ('run.completed', 'run.failed', 'run.cancelled'), ${eventIn('$[#-1]', 'j.data')} -> '$.outputs', NULL)`;

/**
 * In the id, the workflow's id and name, the reason; of the newest runs also in the values that they were given and gave, which stand in
 * their first and their last event. Values of more than 256 KiB stand in files and are not looked into.
 */
function textCondition(text: string): Condition {
  const own = ['run_id', 'workflow_id', 'workflow_name', "CASE WHEN json_valid(error) THEN error ->> '$.message' END"];
  const columns = own.map((column) => holdsText(column, text));
  const inJson = JSON.stringify(text).slice(1, -1);
  // The whole row first: only what holds the text at all is parsed.
  const row = holdsText('j.data', inJson);
  const values = [GIVEN, GAVE].map((value) => holdsText(value, inJson));
  const [given, gave] = values.map(({ sql }) => sql);
  const rowAt = (which: 'min' | 'max'): string => `(SELECT ${which}(seq) FROM journal WHERE stream = run_no)`;
  const hasValue = `EXISTS (SELECT 1 FROM journal j WHERE j.stream = run_no AND j.seq IN (${rowAt('min')}, ${rowAt('max')})
    AND ${row.sql} AND json_valid(j.data) AND ((j.seq = ${rowAt('min')} AND ${given}) OR ${gave}))`;
  const isNew = `run_no > (SELECT max(run_no) FROM runs) - ${SEARCHED_RUNS}`;
  return {
    sql: `(${columns.map(({ sql }) => sql).join(' OR ')} OR (${isNew} AND ${hasValue}))`,
    values: [...columns, row, ...values].map(({ pattern }) => pattern),
  };
}
