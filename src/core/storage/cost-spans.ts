import { type CostFilter, conditionsOf, DAY_SLOTS, SLOT_MS, UNKNOWN_MODEL } from './cost-filter.ts';

/** Calls as rows that can be added up: `workflow_id, agent, model, requests, unpriced, input_tokens, output_tokens, cost_e10`. */
export interface SummedCalls {
  /** SQL behind `FROM`. */
  readonly from: string;
  readonly values: Readonly<Record<string, string | number>>;
}

const COLUMNS = 'workflow_id, agent, model, requests, unpriced, input_tokens, output_tokens, cost_e10';
const CALLS = `SELECT workflow_id, agent, coalesce(model, '${UNKNOWN_MODEL}') AS model, 1 AS requests, cost_e10 IS NULL AS unpriced,
  input_tokens, output_tokens, coalesce(cost_e10, 0) AS cost_e10 FROM cost_records`;

/**
 * The calls that meet a filter, from as few rows as can be: whole days of UTC, whole quarters of an hour before and behind, single calls at
 * the ends. What single runs and actors did is in no sum: of these every call is read.
 */
export function summedCalls(filter: CostFilter): SummedCalls {
  const { since, until, ...of } = filter;
  if (of.run !== undefined || of.actor !== undefined) {
    const { where, values } = conditionsOf(filter);
    return { from: `(${CALLS} ${where})`, values };
  }
  const { where, values } = conditionsOf(of);
  const { rows, bounds } = rowsOf(since, until);
  return { from: `${rows} ${where}`, values: { ...values, ...bounds } };
}

interface SpanRows {
  readonly rows: string;
  readonly bounds: Readonly<Record<string, number>>;
}

function rowsOf(since: number | undefined, until: number | undefined): SpanRows {
  if (since === undefined && until === undefined) return { rows: 'cost_days', bounds: {} };
  const from = since ?? 0;
  const to = Math.max(from, until ?? Number.MAX_SAFE_INTEGER);
  const slots = within([from, to], SLOT_MS);
  if (slots === null) return union([['calls', [from, to]]]);
  const days = within(slots, DAY_SLOTS);
  const middle: readonly Part[] =
    days === null
      ? [['cost_sums', slots]]
      : [
          ['cost_sums', [slots[0], days[0] * DAY_SLOTS]],
          ['cost_days', days],
          ['cost_sums', [days[1] * DAY_SLOTS, slots[1]]],
        ];
  return union([['calls', [from, slots[0] * SLOT_MS]], ...middle, ['calls', [slots[1] * SLOT_MS, to]]]);
}

type Span = readonly [from: number, to: number];

/** The whole steps within a span; null = there is none. */
function within([from, to]: Span, step: number): Span | null {
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  return first < last ? [first, last] : null;
}

type Part = readonly [source: 'calls' | 'cost_sums' | 'cost_days', span: Span];

function union(parts: readonly Part[]): SpanRows {
  const bounds: Record<string, number> = {};
  const filled = parts.filter(([, [from, to]]) => from < to);
  const selects = (filled.length === 0 ? parts.slice(0, 1) : filled).map(([source, [from, to]], at) => {
    bounds[`from${at}`] = from;
    bounds[`to${at}`] = to;
    return source === 'calls'
      ? `${CALLS} INDEXED BY cost_records_time WHERE at >= @from${at} AND at < @to${at}`
      : `SELECT ${COLUMNS} FROM ${source} WHERE slot >= @from${at} AND slot < @to${at}`;
  });
  return { rows: `(${selects.join(' UNION ALL ')})`, bounds };
}
