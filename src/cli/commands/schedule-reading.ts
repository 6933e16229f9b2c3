import type { Foreseen, TriggerDetail, TriggerSummary } from '../../shared/contract/index.ts';
import type { Occurrence } from '../../shared/model/trigger.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print, warn } from '../print.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { projectZone } from '../values/project-zone.ts';

const SHOWN_FIRES = 5;
const SHOWN_ROWS = 10;
const LAST_FAILED = 'its last starts came to nothing';

/** A job as SPEC §7.1 names its fields. */
export const jobJson = (one: TriggerSummary, zone: string): Readonly<Record<string, unknown>> => ({
  id: one.key,
  job: one.alias,
  workflow_id: one.workflowId,
  workflow_path: one.workflowPath,
  source: one.source,
  schedule: one.config.schedule ?? one.config.cron ?? null,
  timezone: one.config.timezone ?? zone,
  enabled: one.status === 'armed',
  status: one.isFailing ? 'failing' : one.status,
  reason: one.reason,
  ...(one.pause === null ? {} : { paused: { ...endJson(one.pause), by: one.pause.by } }),
  last_run: isoTime(one.lastRun?.at ?? null),
  last_status: one.lastRun?.status ?? null,
  next_run: isoTime(one.nextAt),
  run_count: one.runCount,
  inputs: one.config.inputs ?? {},
});

const endJson = ({ until }: { readonly until: number | null }) => (until === null ? {} : { until: isoTime(until) });

const statusText = ({ isFailing, status, pause }: TriggerSummary): string =>
  status === 'paused' && pause !== null && pause.until !== null
    ? `paused until ${localTime(pause.until)}`
    : isFailing
      ? 'failing'
      : status;

/** `schedule list`: none is no error. */
export async function listSchedules(context: CliContext): Promise<ExitCode> {
  const zone = await projectZone(context);
  const { triggers, problems, pausedAll } = await withClient(context, (client) =>
    client.call('triggers.list', { kind: 'schedule' }),
  );
  for (const { message, file, line, fix } of problems)
    warn(
      context,
      `${file ?? ''}${line === undefined ? '' : `:${line}`} ${message}${fix === undefined ? '' : `. ${fix}`}`.trim(),
    );
  const paused =
    pausedAll === null
      ? null
      : { at: isoTime(pausedAll.at), ...endJson(pausedAll), by: pausedAll.by, reason: pausedAll.reason };
  const value = { schedules: triggers.map((one) => jobJson(one, zone)), count: triggers.length, paused_all: paused };
  print(context, value, () => {
    if (triggers.length === 0) return 'No workflow here has a schedule.';
    const rows = triggers.map((one) => [
      one.key,
      String(one.config.schedule ?? one.config.cron ?? ''),
      String(one.config.timezone ?? zone),
      statusText(one),
      one.nextAt === null ? '' : localTime(one.nextAt),
      one.reason ?? (one.isFailing ? LAST_FAILED : ''),
    ]);
    return table(['JOB', 'SCHEDULE', 'ZONE', 'STATUS', 'NEXT', 'WHY'], rows);
  });
  return EXIT.ok;
}

/** `schedule info JOB`: when it comes next, what would stop it and what became of its starts. */
export async function showSchedule(context: CliContext, name: string): Promise<ExitCode> {
  const zone = await projectZone(context);
  const { job, foreseen, rows } = await withClient(context, async (client) => {
    const job = await client.call('triggers.get', { trigger: name });
    const foreseen = await client.call('schedules.foresee', { trigger: job.key, count: SHOWN_FIRES });
    const { occurrences: rows } = await client.call('occurrences.list', { trigger: job.key, limit: SHOWN_ROWS });
    return { job, foreseen, rows };
  });
  print(context, { ...jobJson(job, zone), ...foreseenJson(foreseen), occurrences: rows.map(rowJson) }, () =>
    [jobText(job, zone), foreseenText(foreseen), rowsText(rows)].join('\n\n'),
  );
  return EXIT.ok;
}

/** What is shown before somebody arms it. */
export const foreseenJson = ({ fires, checks }: Foreseen) => ({
  next: fires.map(({ at, isExcluded }) => (isExcluded ? { at: isoTime(at), excluded: true } : { at: isoTime(at) })),
  checks,
});

export const rowJson = (row: Occurrence) => ({
  job: row.triggerKey,
  planned_at: isoTime(row.plannedAt),
  state: row.state,
  reason: row.reason,
  evidence: row.evidence,
  at: isoTime(row.at),
  run_id: row.runId,
});

function jobStatus(job: TriggerDetail): string {
  if (job.status === 'paused') return [statusText(job), job.reason ?? ''].filter((text) => text !== '').join(': ');
  return job.isFailing ? `failing: ${job.reason ?? LAST_FAILED}` : (job.reason ?? job.status);
}

function jobText(job: TriggerDetail, zone: string): string {
  const lines: readonly (readonly [string, string])[] = [
    ['Starts', `${job.workflowName} (${job.workflowPath})`],
    ['When', `${job.config.schedule ?? job.config.cron ?? ''}, ${job.config.timezone ?? zone}`],
    ['Status', jobStatus(job)],
    ['Armed by', job.armed === null ? 'nobody' : `${job.armed.by}, version ${job.armed.versionLabel}`],
    ['Next', job.nextAt === null ? 'never' : localTime(job.nextAt)],
    ['Runs', String(job.runCount)],
  ];
  return [job.key, ...lines.map(([label, text]) => `${label.padEnd(10)} ${text}`)].join('\n');
}

/** The next starts and what an unattended run needs, as text. */
export function foreseenText({ fires, checks, timezone }: Foreseen): string {
  const times = fires.map(
    ({ shown, at, isExcluded }) => `  ${shown.replace('T', ' ')}   ${isoTime(at)}${isExcluded ? '   left out' : ''}`,
  );
  const found = checks.map(({ level, detail }) => `  ${LEVEL[level].padEnd(8)} ${detail}`);
  return [
    times.length === 0 ? 'It never comes.' : `Next starts in ${timezone}:`,
    ...times,
    ...(found.length === 0 ? [] : ['With nobody there:', ...found]),
  ].join('\n');
}

const LEVEL = { fine: 'fine', watch: 'to watch', stops: 'stops it' } as const;

/** Rows of the ledger, the newest first. */
export function rowsText(rows: readonly Occurrence[]): string {
  if (rows.length === 0) return 'Nothing was planned yet.';
  return table(
    ['PLANNED', 'STATE', 'WHY', 'RUN'],
    rows.map((row) => [
      localTime(row.plannedAt),
      row.state,
      [
        row.reason ?? '',
        row.evidence.host === 'timer' ? 'by the timer of the system' : '',
        quitText(row),
        row.evidence.error?.message ?? row.evidence.text ?? '',
      ]
        .filter((text) => text !== '')
        .join(': '),
      row.runId ?? row.evidence.runId ?? '',
    ]),
  );
}

/** Who had quit the app or left the project when it was planned; empty = nobody had. */
const quitText = ({ evidence: { quitBy, from } }: Occurrence): string =>
  quitBy === undefined || from === undefined ? '' : `quit by ${quitBy} at ${localTime(from)}`;
