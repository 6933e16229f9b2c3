import type { JsonMap } from '../../shared/json.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftPlan,
  type Notes,
  scheduleProblem,
  toolName,
} from './draft-plan.ts';
import { exportLines, isVariable } from './script-text.ts';

const ENTRY = /^\s*(@[a-z]+|(?:[^\s=#@]+\s+){4}[^\s=]+)\s+(\S.*)$/;
const FIELD_ENTRY = /^[\d*?~/,A-Za-z#-]+$/;
const SETTING = /^("?)([A-Za-z_]\w*)\1[ \t]*=[ \t]*(.*)$/;
/** The names of the columns, as they stand above the entries. */
const HEADER = /^#\s*m(?:in)?\s+h\b.*\bdom\b/;
const USER_HEADER = /^#.*\bdow\b\s+user\b/;

/** Users that systems have for their own jobs; no program is called so. */
const SYSTEM_USERS: ReadonlySet<string> = new Set([
  ...['root', 'daemon', 'nobody', 'www-data', 'apache', 'nginx', 'postgres', 'redis', 'backup', 'list'],
  ...['munin', 'logcheck', 'amavis', 'debian-spamd', 'smmsp', '_chrony', 'systemd-timesync', 'ubuntu', 'ec2-user'],
]);

interface Entry {
  readonly line: number;
  readonly schedule: string;
  readonly command: string;
  readonly comment: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The entries of a crontab; null for a text that is none. */
function readEntries(text: string): readonly Entry[] | null {
  const entries: Entry[] = [];
  let settings: Readonly<Record<string, string>> = {};
  let comment = '';
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const isComment = /^\s*#/.test(line);
    const setting = isComment ? null : SETTING.exec(line.trim());
    const entry = isComment || setting !== null ? null : ENTRY.exec(line);
    if (line.trim() === '') comment = '';
    else if (isComment && HEADER.test(line)) comment = '';
    else if (isComment) comment = `${comment} ${line.replace(/^\s*#+/, '').trim()}`.trim();
    else if (setting !== null)
      settings = { ...settings, [setting[2] ?? '']: (setting[3] ?? '').replace(/^(["'])(.*)\1$/, '$2') };
    else if (entry !== null && isSchedule(entry[1] ?? '')) {
      const [, schedule = '', command = ''] = entry;
      entries.push({ line: index + 1, schedule: schedule.replace(/\s+/g, ' '), command, comment, settings });
      comment = '';
    } else return null;
  }
  return entries.length === 0 ? null : entries;
}

const isSchedule = (text: string): boolean =>
  text.startsWith('@') ||
  text.split(/\s+/).every((field) => FIELD_ENTRY.test(field) && /[\d*?]|^[A-Za-z]{3}/.test(field));

/** A crontab of a user, or of the system with its column of users: one draft an entry. Null for a text that is none. */
export function convertCrontab(text: string, place: ConversionPlace): Conversion | null {
  const entries = readEntries(text);
  if (entries === null) return null;
  const hasUsers =
    text.split(/\r?\n/).some((line) => USER_HEADER.test(line)) ||
    entries.every(({ command }) => SYSTEM_USERS.has(/^(\S+)\s+\S/.exec(command)?.[1] ?? ''));
  return { format: 'crontab', plans: entries.map((entry) => planOf(entry, hasUsers, place)) };
}

/** What cron itself obeys, and nothing here does. */
const IGNORED: Readonly<Record<string, string>> = {
  RANDOM_DELAY: 'give the schedule a jitter',
  START_HOURS_RANGE: 'write the hours into the schedule',
};

function planOf(entry: Entry, hasUsers: boolean, place: ConversionPlace): DraftPlan {
  const notes = collectNotes();
  const { line, comment } = entry;
  const user = hasUsers ? /^(\S+)\s+(.*)$/.exec(entry.command) : null;
  const { command, stdin } = splitCommand(user?.[2] ?? entry.command);
  if (user !== null) notes.changed(user[1] ?? '', 'it ran as this user there; here as whoever runs the app', line);
  // `TZ` is for the commands alone: only `CRON_TZ` says by which clock they are started (crontab(5)).
  const { SHELL: shell = '/bin/sh', MAILTO: mailTo, CRON_TZ: cronZone, ...env } = entry.settings;
  if (mailTo !== undefined && mailTo !== '')
    notes.lost(`MAILTO=${mailTo}`, 'what it prints is kept with the run and not sent by mail');
  for (const [name, why] of Object.entries(IGNORED))
    if (env[name] !== undefined) notes.lost(`${name}=${env[name]}`, why);
  const title = titleOf(comment, command);
  const tool = toolName(title);
  const isBash = /(^|\/)bash$/.test(shell);
  if (!isBash && !/(^|\/)(sh|dash)$/.test(shell)) notes.changed(`SHELL=${shell}`, 'it is run by sh here');
  const script = [
    '# The command as it stands in the crontab. Cron starts in the home folder.',
    ...exportLines(env),
    'cd "$HOME" || exit 1',
    ...(stdin === null ? [command] : [`{ ${command}`, `} <<'END_OF_INPUT'`, stdin, 'END_OF_INPUT']),
    '',
  ].join('\n');
  return {
    title,
    description: comment === '' ? command : comment,
    triggers: triggersOf(entry, cronZone ?? place.timezone, notes),
    inputs: {},
    execution: {},
    steps: [{ title, block: { action: `${tool}.run` } }],
    scripts: [{ file: `${tool}.${isBash ? 'bash' : 'sh'}`, text: script }],
    notes: notes.all,
  };
}

function triggersOf({ schedule, line }: Entry, timezone: string, notes: Notes): readonly JsonMap[] {
  if (schedule === '@reboot') {
    notes.lost(schedule, 'nothing starts when the machine starts', line);
    return [];
  }
  const problem = scheduleProblem(schedule);
  if (problem !== null) {
    notes.lost(schedule, `it has no schedule: ${problem}`, line);
    return [];
  }
  // As cron does: what was missed is not made up for, and runs may stand side by side.
  return [{ type: 'schedule', schedule, timezone, catch_up: 'none', overlap: 'allow' }];
}

/** A bare % ends the command and begins what it reads; further ones are line breaks (crontab(5)). */
function splitCommand(text: string): { readonly command: string; readonly stdin: string | null } {
  const parts = text.split(/(?<!\\)%/).map((part) => part.replaceAll('\\%', '%'));
  const [command = '', ...lines] = parts;
  return { command: command.trim(), stdin: lines.length === 0 ? null : lines.join('\n') };
}

function titleOf(comment: string, command: string): string {
  if (comment !== '' && comment.length <= 80) return comment;
  const parts = command
    .split(/&&|\|\||;/)
    .map((part) => part.split(/\s+/).filter((word) => word !== '' && !isAssignment(word)));
  const [words] = parts.filter(([first]) => first !== undefined && !PREPARES.has(first));
  const program = words?.find((word) => !HANDS_ON.has(word)) ?? 'job';
  return (
    program
      .split('/')
      .at(-1)
      ?.replace(/\.\w+$/, '') || 'job'
  );
}

/** What stands before the command that is meant. */
const PREPARES: ReadonlySet<string> = new Set(['cd', 'test', '[', 'export', 'true', '.', 'source']);
/** Programs that run another one. */
const HANDS_ON: ReadonlySet<string> = new Set(['command', 'sudo', 'nice', 'exec', '/usr/bin/env', 'env']);

const isAssignment = (word: string): boolean => isVariable(word.split('=')[0] ?? '') && word.includes('=');
