import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import {
  findMissed,
  isQuiet,
  type MissedStart,
  missedNotice,
  nameOfStart,
  noticeCommand,
  readWakeRecord,
  runSystemCommand,
  storeMark,
  type WakeRecord,
  type WitnessedLedger,
  wakeIdOf,
  wakeRecordFile,
  writeWakeRecord,
} from '../../core/wake/index.ts';
import { connectToHolder } from '../../server/socket-door/holder-client.ts';
import type { ControlCenterClient, TriggerSummary } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Occurrence } from '../../shared/model/trigger.ts';
import { openInProcess } from '../client/open-in-process.ts';
import { type AppPlace, type CliContext, cliCaller } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { desktopLanguage, wordingOf } from './desktop-language.ts';

/** What one look found: null = whoever holds the project does not answer. */
interface Seen {
  readonly ledger: WitnessedLedger | null;
  readonly expected: WakeRecord['expected'];
  /** What the timer itself started. */
  readonly started: readonly Occurrence[];
}

/** At most so many rows of the ledger are looked at. */
const MOST_ROWS = 1000;

/** Starts what is due where nobody has the project open, and tells of expected starts that did not happen, whoever has it. */
export async function lookForTimer(context: CliContext): Promise<ExitCode> {
  const project = await context.findProject(context.globals.project);
  const place = await context.place();
  const file = wakeRecordFile(place.userDataDir, wakeIdOf(project.path));
  const { storeFile } = projectPaths(project.path);
  const now = Date.now();
  const record = (await readWakeRecord(file)) ?? {
    lookedAt: null,
    toldUntil: now,
    store: null,
    expected: [],
    told: [],
  };
  if (isQuiet(record, await storeMark(storeFile), now)) {
    print(context, { looked: false, started: [], missed: [] }, () => 'Nothing is due.');
    return EXIT.ok;
  }
  const { ledger, expected, started } = await look(context, { project, place, record, now });
  const missed = findMissed(record, ledger, now);
  await tell(context, place, missed);
  const mark = await storeMark(storeFile);
  await writeWakeRecord(file, {
    lookedAt: now,
    // What the silent one wrote meanwhile is still to be read.
    toldUntil: ledger === null ? record.toldUntil : Math.max(now, ...ledger.rows.map(({ at }) => at)),
    // A run took its time: what is due by now is looked at anew.
    store: ledger === null || started.length > 0 ? null : mark,
    expected: ledger === null ? record.expected : expected,
    told: ledger === null ? [...record.told, ...missed.map(nameOfStart)] : missed.map(nameOfStart),
  });
  report(context, started, missed);
  return EXIT.ok;
}

async function look(
  context: CliContext,
  at: {
    readonly project: FoundProject;
    readonly place: AppPlace;
    readonly record: WakeRecord;
    readonly now: number;
  },
): Promise<Seen> {
  try {
    return (await lookAtHolder(context, at)) ?? (await lookHere(context, at));
  } catch (error) {
    if (error instanceof AppError && SILENT.has(error.code)) return { ledger: null, expected: [], started: [] };
    throw error;
  }
}

/** Somebody has the project, and cannot be asked. */
const SILENT: ReadonlySet<string> = new Set(['lease.held', 'holder.unreachable', 'holder.leaving', 'holder.version']);

/** Null = nobody has the project open. */
async function lookAtHolder(
  context: CliContext,
  { project, place, record, now }: Parameters<typeof look>[1],
): Promise<Seen | null> {
  const { credential } = cliCaller(context.login);
  const holder = await connectToHolder(projectPaths(project.path).stateDir, place.version, credential);
  if (holder === null) return null;
  try {
    const { isHosting } = await holder.call('triggers.list', { kind: 'schedule' });
    const isDue = record.store === null || record.expected.some(({ at }) => at <= now);
    if (!isHosting && isDue) await holder.call('schedules.run', {});
    // The desktop app tells of what was missed by itself.
    return { ...(await readLedger(holder, holder.info.door === 'desktop')), started: [] };
  } finally {
    holder.close();
  }
}

async function lookHere(context: CliContext, { project, place, now }: Parameters<typeof look>[1]): Promise<Seen> {
  const client = await openInProcess(project, place, { caller: cliCaller(context.login), isWake: true });
  try {
    const seen = await readLedger(client, false);
    const started = seen.ledger.rows.filter(({ at, evidence }) => at >= now && evidence.host === 'timer');
    return { ...seen, started };
  } finally {
    await client.close();
  }
}

async function readLedger(
  client: Pick<ControlCenterClient, 'call'>,
  isTold: boolean,
): Promise<{ readonly ledger: WitnessedLedger; readonly expected: WakeRecord['expected'] }> {
  const { triggers } = await client.call('triggers.list', { kind: 'schedule' });
  const { occurrences: rows } = await client.call('occurrences.list', { limit: MOST_ROWS });
  const armed = new Map(triggers.filter(({ status }) => status === 'armed').map((one) => [one.key, one.workflowName]));
  return { ledger: { rows, armed, isTold }, expected: triggers.flatMap(expectedOf) };
}

const expectedOf = ({ key, workflowName, nextAt: at }: TriggerSummary): WakeRecord['expected'] =>
  at === null ? [] : [{ key, workflowName, at }];

/** On the desktop, where the system has a program for that, in the language that the desktop app speaks. */
async function tell(context: CliContext, { userDataDir }: AppPlace, missed: readonly MissedStart[]): Promise<void> {
  if (missed.length === 0) return;
  const word = await wordingOf(await desktopLanguage(userDataDir));
  const command = noticeCommand(process.platform, missedNotice(missed, localTime, word));
  if (command === null) return;
  await runSystemCommand(command).catch(() => note(context, `${command.program} shows no notices here.`));
}

function report(context: CliContext, started: readonly Occurrence[], missed: readonly MissedStart[]): void {
  print(
    context,
    {
      looked: true,
      started: started.map(({ triggerKey, plannedAt, runId }) => ({
        job: triggerKey,
        planned_at: isoTime(plannedAt),
        run_id: runId,
      })),
      missed: missed.map(({ key, at, why, error }) => ({ job: key, planned_at: isoTime(at), why, error })),
    },
    () => {
      const lines = started.map(
        ({ triggerKey, plannedAt }) => `Started ${triggerKey}, planned at ${localTime(plannedAt)}.`,
      );
      const { title, text } = missedNotice(missed, localTime);
      const said = [...lines, ...(missed.length === 0 ? [] : [`${title}\n${text}`])];
      return said.length === 0 ? 'Nothing is due.' : said.join('\n');
    },
  );
}
