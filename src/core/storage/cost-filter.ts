import { AppError } from '../../shared/errors.ts';

/** Which calls of models are looked at; all given fields must hold, names exactly. Instants in UTC ms, `until` not included. */
export interface CostFilter {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly workflow?: string | undefined;
  readonly run?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  /** Who started the run. */
  readonly actor?: string | undefined;
}

/** How calls are named whose model the agent did not tell. */
export const UNKNOWN_MODEL = 'unknown';

/** As long is the span of which `cost_sums` holds what the calls have cost together. */
export const SLOT_MS = 15 * 60_000;

/** So many of these spans are one row of `cost_days`. */
export const DAY_SLOTS = 96;

type Values = Readonly<Record<string, string | number>>;

/** The filter as SQL, with what stands for its names; `cursor` = behind a record. */
export function conditionsOf(filter: CostFilter, cursor?: string): { readonly where: string; readonly values: Values } {
  const conditions: string[] = [];
  const values: Record<string, string | number> = {};
  const add = (condition: string, given: Values): void => {
    conditions.push(condition);
    Object.assign(values, given);
  };
  const { since, until, workflow, run, agent, model, actor } = filter;
  if (since !== undefined) add('at >= @since', { since });
  if (until !== undefined) add('at < @until', { until });
  if (workflow !== undefined) add('workflow_id = @workflow', { workflow });
  if (run !== undefined) add('run_id = @run', { run });
  // `+`: without it SQLite sorts all rows into groups instead of reading them in the order of the index.
  if (agent !== undefined) add('+agent = @agent', { agent });
  if (model === UNKNOWN_MODEL) add('(model IS NULL OR model = @model)', { model });
  else if (model !== undefined) add('model = @model', { model });
  if (actor !== undefined) add('actor = @actor', { actor });
  if (cursor !== undefined) add('(at, position) < (@at, @position)', readCursor(cursor));
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}

function readCursor(cursor: string): { readonly at: number; readonly position: number } {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor);
  if (match === null)
    throw new AppError('contract.invalid_input', 'The cursor is not one that a list of cost records gave.');
  return { at: Number(match[1]), position: Number(match[2]) };
}
