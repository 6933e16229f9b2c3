import type {
  AppTray,
  MissedWhileClosed,
  ParsedInputOf,
  ScheduleOperationName,
  TriggerDetail,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Occurrence } from '../../shared/model/trigger.ts';
import { removeSchedule, writeSchedule } from '../projects/index.ts';
import { type KnownTrigger, plannedBetween, type ScheduleJob } from '../triggers/index.ts';
import { countForReader, type Reader } from './approval-standing.ts';
import { readCalendar } from './calendar.ts';
import { foresee } from './foresee.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { unreadyTriggers } from './unready-triggers.ts';

/** At most so many starts are asked for at once, or counted one by one. */
const MOST_BACKFILLED = 100;
const MOST_COUNTED = 10_000;
/** The icon of the app lists so many starts. */
const MOST_NEXT = 3;

/** The use cases of what is planned (SPEC §7.1). `detail` shows a trigger as `triggers.get` does. */
export function scheduleHandlers(
  session: ProjectSession,
  detail: (name: string) => Promise<TriggerDetail>,
): HandlersOf<ScheduleOperationName> {
  const { registry } = session.triggers;
  return {
    'schedules.foresee': (input) => foresee(session, input),
    'triggers.unready': ({ after }) => unreadyTriggers(session, after),
    'triggers.calendar': async (input) => {
      await registry.refresh();
      return readCalendar(session, input);
    },
    'schedules.save': async (input) => {
      await save(session, input);
      await registry.refresh();
      return detail(`${input.workflow}/${input.id}`);
    },
    'schedules.remove': async ({ id }) => {
      if (!(await removeSchedule(session.paths, id)))
        throw new AppError('trigger.not_found', `schedules.yaml has no schedule '${id}'.`, {
          hint: 'A schedule that stands in a workflow is removed there.',
        });
      await registry.refresh();
      return null;
    },
    'schedules.run': ({ trigger }) => session.triggers.runDue(trigger),
    'schedules.backfill': async (input, actor) => {
      await registry.refresh();
      return backfill(session, input, actor);
    },
    'occurrences.answer': async (input, actor) => {
      await registry.refresh();
      return answer(session, input, actor);
    },
    'triggers.missed': async ({ until }) => {
      await registry.refresh();
      return missedUntil(session, until);
    },
    'app.tray': (_input, actor, permissions) => trayOf(session, { actor, permissions }),
  };
}

/** The item of `schedules.yaml` as SPEC §7.1 has it. */
async function save(session: ProjectSession, input: ParsedInputOf<'schedules.save'>): Promise<void> {
  const { id, workflow, schedule, inputs, exclude, description } = input;
  const items = await session.index.items();
  if (!items.some((item) => item.ownsId && item.id === workflow))
    throw new AppError('workflow.not_found', `Workflow not found: ${workflow}`, {
      hint: 'Name the id of a workflow of this project.',
    });
  const optional: readonly (readonly [string, JsonMap[string] | undefined])[] = [
    ['description', description],
    ['timezone', input.timezone],
    ['enabled', input.enabled],
    ['catch_up', input.catchUp],
    ['catch_up_window', input.catchUpWindow],
    ['overlap', input.overlap],
    ['jitter', input.jitter],
    ['starts_at', input.startsAt],
    ['ends_at', input.endsAt],
    ['exclude', exclude],
    ['inputs', inputs],
  ];
  const written = optional.filter(([, value]) => value !== undefined) as [string, JsonMap[string]][];
  await writeSchedule(session.paths, { id, workflow_id: workflow, schedule, ...Object.fromEntries(written) });
}

/** The armed schedule of that name with its job. Errors: `trigger.not_found`, `trigger.not_armed`, `schedule.*`. */
function armedJob({ triggers }: ProjectSession, name: string): { readonly key: string; readonly job: ScheduleJob } {
  const known = triggers.registry.find(name);
  const job = triggers.jobOf(known);
  if (job === null) throw new AppError('trigger.not_found', `${known.trigger.key} is no schedule.`);
  if (triggers.armed(known.trigger.key) === null)
    throw new AppError('trigger.not_armed', `${known.trigger.workflowName}: this schedule is not armed.`, {
      hint: 'Arm it first.',
    });
  return { key: known.trigger.key, job };
}

/** Asks for the starts of a stretch of the past that came to nothing, or never had a row. */
function backfill(
  session: ProjectSession,
  { trigger, from, until }: ParsedInputOf<'schedules.backfill'>,
  actor: Actor,
): { readonly occurrences: readonly Occurrence[] } {
  const { store, clock, triggers } = session;
  const now = clock.now();
  const { key, job } = armedJob(session, trigger);
  const times = plannedBetween(job.timing, { fromMs: from - 1, toMs: Math.min(until, now) }, MOST_BACKFILLED + 1);
  if (times.length > MOST_BACKFILLED)
    throw new AppError('contract.invalid_input', `More than ${MOST_BACKFILLED} starts lie between these times.`, {
      hint: 'Take a shorter stretch.',
    });
  const rows = store.occurrences.together(() =>
    times.flatMap((plannedAt) => {
      const row = { triggerKey: key, plannedAt };
      const fresh: Occurrence = {
        ...{ ...row, dueAt: now, at: now, runId: null },
        ...{ state: 'planned', reason: 'backfill', evidence: { by: actor.id } },
      };
      const isAsked = store.occurrences.add(fresh) || store.occurrences.reopen(row, actor.id, now);
      return isAsked ? (store.occurrences.find(key, plannedAt) ?? []) : [];
    }),
  );
  triggers.scheduler?.takeRows(rows);
  triggers.changed();
  return { occurrences: rows };
}

/** A person's word on a start that was missed and is asked about. */
function answer(
  session: ProjectSession,
  { trigger, plannedAt, run }: ParsedInputOf<'occurrences.answer'>,
  actor: Actor,
): Occurrence {
  const { store, clock, triggers } = session;
  const triggerKey = triggers.registry.find(trigger).trigger.key;
  const row = store.occurrences.find(triggerKey, plannedAt);
  if (row?.state !== 'planned' || row.reason !== 'asks')
    throw new AppError('occurrence.not_asking', 'Nobody is asked about this start.', {
      hint: 'It has been answered, or was never missed.',
    });
  const word = { run, by: actor.id };
  if (triggers.scheduler === null) {
    const evidence = { ...row.evidence, by: actor.id };
    const at = clock.now();
    if (run) store.occurrences.settle(row, { state: 'planned', reason: 'late', evidence, at });
    else store.occurrences.settle(row, { state: 'missed', reason: 'person_said_no', evidence, at });
  } else triggers.scheduler.answer(row, word);
  triggers.changed();
  return store.occurrences.find(triggerKey, plannedAt) ?? row;
}

/** What would not be started, or not be heard, if nothing served the triggers until then. */
function missedUntil({ triggers, clock }: ProjectSession, until: number): MissedWhileClosed {
  const now = clock.now();
  const armed = triggers.registry.list().filter(({ status }) => status === 'armed');
  const starts = armed.flatMap((known) => {
    const job = triggers.jobOf(known);
    if (job === null) return [];
    const times = plannedBetween(
      { ...job.timing, exclusions: job.exclusions },
      { fromMs: now, toMs: until },
      MOST_COUNTED,
    );
    const [first] = times;
    const last = times.at(-1);
    if (first === undefined || last === undefined) return [];
    const { key, workflowName } = known.trigger;
    return [{ key, workflowName, count: times.length, first, last, catchUp: job.catchUp }];
  });
  const deaf = armed.filter(({ trigger }) => trigger.kind !== 'schedule').map(({ trigger }) => trigger);
  return {
    starts,
    count: starts.reduce((sum, one) => sum + one.count, 0),
    unheard: deaf.map(({ key, kind, workflowName }) => ({ key, kind, workflowName })),
  };
}

async function trayOf(session: ProjectSession, reader: Reader): Promise<AppTray> {
  const { store, triggers } = session;
  const all = triggers.registry.list();
  const nexts = all.flatMap((known) => nextOf(triggers.nextAt(known), known)).sort((a, b) => a.at - b.at);
  const { runs } = store.runs.list({ status: ['running', 'pending'], limit: 20 });
  const asking = store.occurrences.list({ states: ['planned'], limit: 1000 }).filter(({ reason }) => reason === 'asks');
  const counts = store.runs.countByStatus();
  return {
    next: nexts.slice(0, MOST_NEXT),
    armed: all.filter(({ status }) => status === 'armed').length,
    running: runs.map(({ runId, workflowName, startedAt }) => ({ runId, workflowName, startedAt })),
    runningCount: (counts.running ?? 0) + (counts.pending ?? 0),
    waiting: {
      approvals: await countForReader(session, reader),
      inDoubt: counts.in_doubt ?? 0,
      starts: asking.length,
    },
    pausedAll: triggers.registry.pauseOfAll(),
    failing: all.filter(({ isFailing }) => isFailing).map(({ trigger }) => trigger.key),
    isHosting: triggers.isHosting,
  };
}

const nextOf = (
  at: number | null,
  { trigger }: KnownTrigger,
): readonly { key: string; workflowName: string; at: number }[] =>
  at === null ? [] : [{ key: trigger.key, workflowName: trigger.workflowName, at }];
