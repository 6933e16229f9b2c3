import { AppError } from '../../shared/errors.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { durationOption, instantOption } from '../values/option-values.ts';
import { projectZone } from '../values/project-zone.ts';
import { foreseenJson, foreseenText, jobJson, rowJson, rowsText } from './schedule-reading.ts';

/** `schedule enable JOB`: shows what will happen, then arms exactly that. */
export async function enableSchedule(context: CliContext, name: string): Promise<ExitCode> {
  const zone = await projectZone(context);
  return withClient(context, async (client) => {
    const shown = await client.call('triggers.get', { trigger: name });
    const foreseen = await client.call('schedules.foresee', { trigger: shown.key, count: 20 });
    const { contentHash, definitionHash } = shown;
    if (contentHash === null) throw new AppError('workflow.invalid', shown.problem ?? 'The workflow cannot be read.');
    // That nobody has armed it yet is what is being done about.
    const checks = foreseen.checks.filter((check) => check.name !== 'armed');
    if (!context.globals.json) note(context, foreseenText({ ...foreseen, checks }));
    const job = await client.call('triggers.arm', { trigger: shown.key, definitionHash, contentHash });
    // What stood in its way before it was armed says nothing of it now.
    const armed = await client.call('schedules.foresee', { trigger: job.key, count: 1 });
    print(context, { ...jobJson(job, zone), ...foreseenJson({ ...foreseen, checks: armed.checks }) }, () =>
      job.status === 'armed' ? `${job.key} is armed.` : `${job.key} is armed, but ${job.reason ?? job.status}`,
    );
    return EXIT.ok;
  });
}

/** `schedule disable JOB`: off until somebody enables it. */
export async function disableSchedule(context: CliContext, name: string): Promise<ExitCode> {
  const zone = await projectZone(context);
  const job = await withClient(context, (client) => client.call('triggers.disarm', { trigger: name }));
  print(context, jobJson(job, zone), () => `${job.key} is off.`);
  return EXIT.ok;
}

interface PauseFlags {
  readonly reason?: string;
  readonly for?: string;
  readonly until?: string;
}

/** When the pause ends by itself, UTC ms; null = when somebody resumes. */
async function endOf(context: CliContext, flags: PauseFlags): Promise<number | null> {
  if (flags.for !== undefined && flags.until !== undefined)
    throw usageError("'--for' and '--until' both say when the pause ends", 'Name one of them.');
  if (flags.for !== undefined) return Date.now() + (await durationOption('--for', flags.for));
  return flags.until === undefined ? null : instantOption('--until', flags.until, await projectZone(context));
}

/** `schedule pause [JOB] [--reason R] [--for D | --until INSTANT]`: one, or all triggers; their rows go on and say so. */
export async function pauseSchedules(
  context: CliContext,
  name: string | undefined,
  flags: PauseFlags,
): Promise<ExitCode> {
  const { reason = '' } = flags;
  const until = await endOf(context, flags);
  const then = until === null ? '' : ` until ${localTime(until)}`;
  if (name === undefined) {
    await withClient(context, (client) => client.call('triggers.pauseAll', { reason, until }));
    const end = until === null ? {} : { until: isoTime(until) };
    print(context, { paused: 'all', reason, ...end }, () => `All triggers are paused${then}.`);
    return EXIT.ok;
  }
  const zone = await projectZone(context);
  const job = await withClient(context, (client) => client.call('triggers.pause', { trigger: name, reason, until }));
  print(context, jobJson(job, zone), () => `${job.key} is paused${then}.`);
  return EXIT.ok;
}

/** `schedule resume [JOB]`. */
export async function resumeSchedules(context: CliContext, name: string | undefined): Promise<ExitCode> {
  if (name === undefined) {
    await withClient(context, (client) => client.call('triggers.resumeAll', {}));
    print(context, { resumed: 'all' }, () => 'Triggers go on.');
    return EXIT.ok;
  }
  const zone = await projectZone(context);
  const job = await withClient(context, (client) => client.call('triggers.resume', { trigger: name }));
  print(context, jobJson(job, zone), () => `${job.key} goes on.`);
  return EXIT.ok;
}

/** `schedule run [--job JOB] [--at INSTANT]`: what is due by the ledger, or one start of the past. Without any schedule it is an error. */
export async function runSchedules(
  context: CliContext,
  { job, at }: { readonly job?: string; readonly at?: string },
): Promise<ExitCode> {
  const plannedAt = at === undefined ? null : Date.parse(at);
  if (plannedAt !== null && Number.isNaN(plannedAt)) throw usageError(`'--at' is not an instant: ${at}`);
  if (plannedAt !== null && job === undefined) throw usageError("'--at' needs '--job JOB'");
  return withClient(context, async (client) => {
    const { triggers } = await client.call('triggers.list', { kind: 'schedule' });
    if (triggers.length === 0) throw noSchedules();
    const asked =
      plannedAt === null || job === undefined
        ? []
        : (await client.call('schedules.backfill', { trigger: job, from: plannedAt, until: plannedAt })).occurrences;
    const result = await client.call('schedules.run', job === undefined ? {} : { trigger: job });
    const rows =
      plannedAt === null ? result.occurrences : result.occurrences.filter((row) => row.plannedAt === plannedAt);
    const hasNothing = plannedAt !== null && asked.length === 0;
    const value = { occurrences: rows.map(rowJson), count: rows.length, schedules: result.schedules };
    print(context, hasNothing ? { ...value, error: 'Nothing was left out at that time.' } : value, () =>
      hasNothing
        ? 'Nothing was left out at that time: it was started, or never planned.'
        : rows.length === 0
          ? 'Nothing is due.'
          : rowsText(rows),
    );
    return hasNothing || rows.some(({ state }) => state === 'failed_to_start') ? EXIT.error : EXIT.ok;
  });
}

/** What `start` and `run` say where nothing is written that could start (SPEC §13: exit code 1). */
export const noSchedules = (): AppError =>
  new AppError('trigger.not_found', 'No schedules found', { hint: 'Write one in a workflow, or in schedules.yaml.' });
