import type { InputOf } from '../../../shared/contract/index.ts';
import { needsPerson, type Outcome, RUN_STATUSES, type RunStatus, type RunSummary } from '../../../shared/model/run.ts';

export const SINCE_CHOICES = ['today', '7d', '30d'] as const;
export type Since = (typeof SINCE_CHOICES)[number];
export const OUTCOMES = ['success', 'partial', 'failed'] as const satisfies readonly Outcome[];
export const TRIGGERS = [
  'manual',
  'schedule',
  'webhook',
  'file',
  'event',
  'queue',
  'replay',
] as const satisfies readonly RunSummary['trigger'][];

/** What the list shows; it lives in the address, so that a list can be linked and found again. */
export interface RunFilter {
  readonly status: readonly RunStatus[];
  /** Only those that rest until a person says something. */
  readonly needsPerson: boolean;
  readonly outcome: Outcome | null;
  readonly trigger: RunSummary['trigger'] | null;
  /** Workflow id. */
  readonly workflow: string | null;
  readonly since: Since | null;
  readonly text: string;
}

export const NO_RUN_FILTER: RunFilter = {
  status: [],
  needsPerson: false,
  outcome: null,
  trigger: null,
  workflow: null,
  since: null,
  text: '',
};

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** The filter out of an address; what is not one of ours is left out. */
export function parseRunFilter(params: URLSearchParams): RunFilter {
  const statuses = (params.get('status') ?? '').split(',');
  return {
    status: RUN_STATUSES.filter((status) => statuses.includes(status)),
    needsPerson: params.get('needs') === 'you',
    outcome: oneOf(OUTCOMES, params.get('outcome')),
    trigger: oneOf(TRIGGERS, params.get('trigger')),
    workflow: params.get('workflow')?.slice(0, 200) || null,
    since: oneOf(SINCE_CHOICES, params.get('since')),
    text: (params.get('q') ?? '').slice(0, 200),
  };
}

/** The address of a filter: only what is set. */
export function writeRunFilter(filter: RunFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.status.length > 0) params.set('status', filter.status.join(','));
  if (filter.needsPerson) params.set('needs', 'you');
  if (filter.outcome !== null) params.set('outcome', filter.outcome);
  if (filter.trigger !== null) params.set('trigger', filter.trigger);
  if (filter.workflow !== null) params.set('workflow', filter.workflow);
  if (filter.since !== null) params.set('since', filter.since);
  if (filter.text !== '') params.set('q', filter.text);
  return params;
}

export const isFilterOn = (filter: RunFilter): boolean => writeRunFilter(filter).size > 0;

const DAY_MS = 86_400_000;

/** The first instant that a choice takes in: the start of this day here, or so many days back. */
export function sinceInstant(since: Since, now: number): number {
  if (since === '7d') return now - 7 * DAY_MS;
  if (since === '30d') return now - 30 * DAY_MS;
  return new Date(now).setHours(0, 0, 0, 0);
}

/** The filter as `runs.list` takes it. */
export function filterQuery(filter: RunFilter, now: number): InputOf<'runs.list'> {
  const text = filter.text.trim();
  return {
    ...(filter.status.length === 0 ? {} : { status: [...filter.status] }),
    ...(filter.needsPerson ? { needsPerson: true } : {}),
    ...(filter.outcome === null ? {} : { outcome: filter.outcome }),
    ...(filter.trigger === null ? {} : { trigger: filter.trigger }),
    ...(filter.workflow === null ? {} : { workflow: filter.workflow }),
    ...(filter.since === null ? {} : { since: sinceInstant(filter.since, now) }),
    ...(text === '' ? {} : { text }),
  };
}

/** Whether a run that arrives live belongs into the list, by the same rules as the store's, as far as its row tells. */
export function matchesRun(filter: RunFilter, run: RunSummary, now: number): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (filter.status.length === 0 || filter.status.includes(run.status)) &&
    (!filter.needsPerson || needsPerson(run)) &&
    (filter.outcome === null || filter.outcome === run.outcome) &&
    (filter.trigger === null || filter.trigger === run.trigger) &&
    (filter.workflow === null || filter.workflow === run.workflowId) &&
    (filter.since === null || run.createdAt >= sinceInstant(filter.since, now)) &&
    (text === '' ||
      [run.runId, run.workflowId, run.workflowName, run.error?.message ?? ''].some((value) =>
        value.toLowerCase().includes(text),
      ))
  );
}
