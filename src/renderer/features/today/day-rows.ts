import type { TriggerSummary } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import type { CalendarView } from '../../client/trigger-queries.ts';
import type { LaneSpan } from '../../ui/trigger/lane.ts';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { lookOfRun } from '../../ui/trigger/trigger-marks.tsx';

/** One workflow on the timeline of the day. */
export interface DayRow {
  readonly workflowId: string;
  readonly name: string;
  /** What starts it, in words; empty = only a person does. */
  readonly starts: string;
  readonly spans: readonly LaneSpan[];
}

/** What became of starts that made no run, and what is planned: the runs say the rest for themselves. */
const ONLY_OF_TRIGGERS: ReadonlySet<string> = new Set(['missed', 'skipped', 'paused', 'refused', 'open', 'planned']);

interface DayParts {
  readonly runs: readonly RunSummary[];
  readonly triggers: readonly TriggerSummary[];
  readonly calendar: CalendarView | null;
}

/** The runs of a day and the plan of the next one, a row a workflow; those that have most to say come first. */
export function dayRows({ runs, triggers, calendar }: DayParts): readonly DayRow[] {
  const rows = new Map<string, { name: string; starts: string[]; spans: LaneSpan[] }>();
  const rowOf = (workflowId: string, name: string) => {
    const row = rows.get(workflowId) ?? { name, starts: [], spans: [] };
    rows.set(workflowId, row);
    return row;
  };
  for (const run of runs) {
    if (run.parentRunId !== null) continue;
    const at = run.startedAt ?? run.createdAt;
    rowOf(run.workflowId, run.workflowName).spans.push({
      look: lookOfRun(run.status, 'ran'),
      from: at,
      until: at,
      count: 1,
    });
  }
  for (const trigger of triggers) {
    const spans = (calendar?.rows.get(trigger.key)?.spans ?? []).filter(({ mark }) => ONLY_OF_TRIGGERS.has(mark));
    const isKnown = rows.has(trigger.workflowId);
    if (spans.length === 0 && !isKnown) continue;
    const row = rowOf(trigger.workflowId, trigger.workflowName);
    row.starts.push(startsWords(trigger));
    row.spans.push(...spans.map(({ mark, ...span }) => ({ ...span, look: mark })));
  }
  return [...rows]
    .map(([workflowId, { name, starts, spans }]) => ({ workflowId, name, starts: starts.join(', '), spans }))
    .toSorted((a, b) => countOf(b) - countOf(a) || a.name.localeCompare(b.name));
}

const countOf = ({ spans }: DayRow): number => spans.reduce((sum, { count }) => sum + count, 0);
