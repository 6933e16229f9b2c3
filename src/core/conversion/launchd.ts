import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftPlan,
  missingStep,
  type Notes,
  scheduleProblem,
  toolName,
} from './draft-plan.ts';
import { programScript } from './script-text.ts';
import type { XmlElement } from './xml.ts';

/** Keys that are read, or say nothing that a run needs. */
const READ: ReadonlySet<string> = new Set([
  ...['Label', 'Program', 'ProgramArguments', 'WorkingDirectory', 'EnvironmentVariables'],
  ...['StartCalendarInterval', 'StartInterval', 'WatchPaths', 'Disabled', 'ProcessType', 'LowPriorityIO', 'Nice'],
]);
const WHY: Readonly<Record<string, string>> = {
  RunAtLoad: 'nothing starts when somebody signs in',
  KeepAlive: 'a run ends and is not started again; a schedule or a watch starts the next one',
  QueueDirectories: 'nothing starts for a folder that is not empty; a file trigger starts when one comes',
  StartOnMount: 'nothing starts when a disk is mounted',
  StandardOutPath: 'what it prints is kept with the run',
  StandardErrorPath: 'what it prints is kept with the run',
  UserName: 'it runs as whoever runs the app',
  GroupName: 'it runs as whoever runs the app',
  ExitTimeOut: 'a run that is cancelled is ended after 3 seconds',
};

interface PlistKey {
  readonly value: Json;
  readonly line: number;
}

/** One launchd job, given as the property list that was read. */
export function convertLaunchd(plist: XmlElement, place: ConversionPlace): Conversion {
  const dict = plist.children[0];
  if (dict?.name !== 'dict')
    throw new AppError('conversion.unreadable', 'The property list holds no dictionary, so it is no job of launchd.');
  const keys = new Map(readDict(dict));
  const notes = collectNotes();
  for (const [key, { line, value }] of keys)
    if (!READ.has(key) && value !== false) notes.lost(key, WHY[key] ?? 'it has no counterpart here', line);
  return { format: 'launchd', plans: [planOf(keys, place, notes)] };
}

function readDict(dict: XmlElement): readonly [string, PlistKey][] {
  const found: [string, PlistKey][] = [];
  for (const [index, { name, text, line }] of dict.children.entries()) {
    const value = dict.children[index + 1];
    if (name === 'key' && value !== undefined && value.name !== 'key')
      found.push([text, { value: plistValue(value), line }]);
  }
  return found;
}

function plistValue(element: XmlElement): Json {
  if (element.name === 'dict') return Object.fromEntries(readDict(element).map(([key, { value }]) => [key, value]));
  if (element.name === 'array') return element.children.map(plistValue);
  if (element.name === 'true' || element.name === 'false') return element.name === 'true';
  return element.name === 'integer' || element.name === 'real' ? Number(element.text) : element.text;
}

function planOf(keys: ReadonlyMap<string, PlistKey>, { name, timezone }: ConversionPlace, notes: Notes): DraftPlan {
  const value = (key: string): Json => keys.get(key)?.value ?? null;
  const text = (key: string): string | undefined => {
    const found = value(key);
    return typeof found === 'string' ? found : undefined;
  };
  const label = text('Label') ?? name.replace(/\.plist$/i, '');
  const title = label.split('.').at(-1) || label;
  const list = value('ProgramArguments');
  const argv = list === null ? [] : [list].flat().map(String);
  const command = text('Program') ?? argv[0];
  const tool = toolName(title);
  const env = value('EnvironmentVariables');
  const cwd = text('WorkingDirectory');
  if (value('Disabled') === true) notes.changed('Disabled', 'it was off there; here nothing is armed either');
  return {
    title,
    description: label,
    triggers: [...calendarTriggers(keys, timezone, notes), ...otherTriggers(keys, timezone, notes)],
    inputs: {},
    // launchd never runs a job beside itself.
    execution: { concurrency: 'skip' },
    steps: [
      command === undefined
        ? missingStep(title, 'the job names no program')
        : { title: `Run ${command.split('/').at(-1)}`, block: { action: `${tool}.run` } },
    ],
    scripts:
      command === undefined
        ? []
        : [
            {
              file: `${tool}.mjs`,
              text: programScript({
                ...{ command, args: argv.slice(1), ...(cwd === undefined ? {} : { cwd }) },
                env: isJsonMap(env)
                  ? Object.fromEntries(Object.entries(env).map(([key, one]) => [key, String(one)]))
                  : {},
              }),
            },
          ],
    notes: notes.all,
  };
}

const CALENDAR = ['Minute', 'Hour', 'Day', 'Month', 'Weekday'] as const;

function calendarTriggers(keys: ReadonlyMap<string, PlistKey>, timezone: string, notes: Notes): readonly JsonMap[] {
  const entry = keys.get('StartCalendarInterval');
  if (entry === undefined) return [];
  const intervals: readonly Json[] = Array.isArray(entry.value) ? entry.value : [entry.value];
  return intervals.flatMap((one) => {
    if (!isJsonMap(one)) {
      notes.lost(
        `StartCalendarInterval ${JSON.stringify(one)}`,
        'it is no dictionary, so there is no schedule',
        entry.line,
      );
      return [];
    }
    for (const key of Object.keys(one))
      if (!CALENDAR.some((known) => known === key)) notes.lost(key, 'no such part of an instant is known', entry.line);
    const odd = CALENDAR.find((key) => one[key] !== undefined && !Number.isInteger(one[key]));
    // What is not said is every one of it, as in cron.
    const schedule = CALENDAR.map((key) => one[key] ?? '*').join(' ');
    const problem = odd === undefined ? scheduleProblem(schedule) : `${odd} is no integer`;
    if (problem !== null) {
      notes.lost(`StartCalendarInterval ${JSON.stringify(one)}`, `it has no schedule: ${problem}`, entry.line);
      return [];
    }
    // After a sleep launchd starts what was due meanwhile, once.
    return [{ type: 'schedule', schedule, timezone, catch_up: 'last' }];
  });
}

function otherTriggers(keys: ReadonlyMap<string, PlistKey>, timezone: string, notes: Notes): readonly JsonMap[] {
  const seconds = keys.get('StartInterval')?.value;
  const every =
    typeof seconds === 'number' && seconds >= 1
      ? [{ type: 'schedule', schedule: `@every ${seconds}s`, timezone, catch_up: 'last' }]
      : [];
  const watched = keys.get('WatchPaths');
  const paths = watched === undefined ? [] : [watched.value].flat().map(String);
  if (paths.length > 0)
    notes.changed(
      'WatchPaths',
      'it starts when something below the path is made, changed, moved or deleted',
      watched?.line,
    );
  const events = ['created', 'modified', 'deleted', 'moved'];
  return [...every, ...paths.map((path) => ({ type: 'file', path, events }))];
}
