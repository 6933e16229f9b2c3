import type {
  FailureCause,
  LibraryEntry,
  ListedApproval,
  LiveEvent,
  OutputOf,
  UnreadyTrigger,
} from '../../../shared/contract/index.ts';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import type { BudgetQuestion } from '../../../shared/model/cost-limit.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { missingNow } from '../../client/rights.ts';
import { createCalendarQuery } from '../../client/trigger-queries.ts';

const HOUR = 3_600_000;
export const BACK_MS = 24 * HOUR;
/** A failure of Friday still stands there on Monday. */
const FAILED_MS = 7 * 24 * HOUR;
const MOST_RUNS = 1000;

const isAboutRuns = ({ kind }: LiveEvent): boolean => kind === 'run' || kind === 'run_deleted';

/** What waits for a person. */
export interface NeedsYou {
  readonly approvals: readonly ListedApproval[];
  readonly inDoubt: readonly RunSummary[];
  /** Runs that budgets have paused. */
  readonly budgets: readonly BudgetQuestion[];
  /** Runs whose agent got no further, or a step of which would leave its plan. */
  readonly stuck: readonly RunSummary[];
  /** Of the last week, without what somebody dealt with. */
  readonly causes: readonly FailureCause[];
  /** Starts that were missed and ask whether they are to be caught up. */
  readonly asking: readonly Occurrence[];
  /** What came from outside and does not run before somebody trusts it. */
  readonly untrusted: readonly LibraryEntry[];
}

/** What others decide is none of his; what nobody can decide any more is for whoever may change users. */
const isForReader = ({ isForReader: mayDecide, unmet }: ListedApproval): boolean =>
  mayDecide || (unmet !== null && missingNow('users.edit') === null);

const NEEDS_YOU: ReadonlySet<LiveEvent['kind']> = new Set(['triggers', 'access', 'approvals', 'costs', 'library']);
/** A workflow, a login, a tool or a limit that is another one now may stop what is armed. */
const MAY_STOP: ReadonlySet<LiveEvent['kind']> = new Set([
  ...(['triggers', 'library', 'secrets', 'agents', 'tools', 'costs'] as const),
]);

/** Asks page by page, each once the page has nothing else to do. */
async function askUnready(): Promise<readonly UnreadyTrigger[]> {
  const all: UnreadyTrigger[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { unready, next }: OutputOf<'triggers.unready'> = await call('triggers.unready', { after });
    all.push(...unready);
    after = next;
    if (after !== null) await new Promise<void>((resolve) => requestIdleCallback(() => resolve()));
  }
  return all;
}

/** Armed triggers that cannot run as they stand: looked at when something of it changes, not with every run. */
export const unreadyTriggers = createLiveQuery<readonly UnreadyTrigger[]>({
  ask: askUnready,
  dueOn: ({ kind }) => (MAY_STOP.has(kind) ? 'soon' : null),
  soonMs: 15_000,
});

export const needsYou = createLiveQuery<NeedsYou>({
  ask: async () => {
    const since = Date.now() - FAILED_MS;
    const [approvals, inDoubt, budgets, paused, failed, claimed, foreign] = await Promise.all([
      call('approvals.list', { status: ['pending'], limit: 200 }),
      call('runs.list', { status: ['in_doubt'], limit: 200 }),
      call('costs.questions', {}),
      call('runs.list', { status: ['paused'], needsPerson: true, limit: 200 }),
      call('failures.list', { since }),
      call('occurrences.list', { states: ['claimed'] }),
      call('workflows.list', { needsTrust: true }),
    ]);
    return {
      approvals: approvals.approvals.filter(isForReader),
      inDoubt: inDoubt.runs,
      budgets: budgets.questions,
      stuck: paused.runs.filter(({ error }) => error?.code !== 'cost.paused'),
      causes: failed.causes,
      asking: claimed.occurrences.filter(({ reason }) => reason === 'asks'),
      untrusted: foreign.workflows,
    };
  },
  dueOn: (event) => (isAboutRuns(event) || NEEDS_YOU.has(event.kind) ? 'soon' : null),
  soonMs: 300,
});

/** What runs now, the newest first. */
export const runningRuns = createLiveQuery<readonly RunSummary[]>({
  ask: async () => (await call('runs.list', { status: ['running'], limit: 20 })).runs,
  dueOn: (event) => (isAboutRuns(event) ? 'soon' : null),
  soonMs: 100,
});

/** The runs of the last day, for the timeline. */
export const dayRuns = createLiveQuery<readonly RunSummary[]>({
  ask: async () => (await call('runs.list', { since: Date.now() - BACK_MS, limit: MOST_RUNS })).runs,
  dueOn: (event) => (isAboutRuns(event) ? 'soon' : null),
  soonMs: 1000,
});

/** Truth and plan of the triggers around now. */
export const dayCalendar = createCalendarQuery();

/** The agents as their last check found them. */
export const agentHealth = createLiveQuery<readonly AgentInfo[]>({
  ask: async () => (await call('agents.list', {})).agents,
  dueOn: ({ kind }) => (kind === 'agents' ? 'soon' : null),
  soonMs: 200,
});
