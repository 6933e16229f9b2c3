import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { serveTriggers } from '../live/serve-triggers.ts';
import { print } from '../print.ts';
import { isoTime, zoneTime } from '../text/time-text.ts';
import { integerOption } from '../values/option-values.ts';
import { projectZone } from '../values/project-zone.ts';
import {
  disableSchedule,
  enableSchedule,
  noSchedules,
  pauseSchedules,
  resumeSchedules,
  runSchedules,
} from './schedule-acting.ts';
import { listSchedules, showSchedule } from './schedule-reading.ts';
import { addWake } from './schedule-wake.ts';

/** `schedule list|start|run|info|next|pause|resume|enable|disable` (SPEC §13), and `wake`. */
export function addSchedule(kit: CommandKit): void {
  const group = addGroup(kit, 'schedule', 'Schedules: what starts by the clock');
  group
    .command('next')
    .description('Show when a schedule is due next')
    .argument('<schedule>', 'such as "0 9 * * MON-FRI", @daily, "@every 6h" or "@at 2026-01-31T09:00"')
    .option('--tz <zone>', 'time zone such as Europe/Berlin (default: that of the project)')
    .option('--from <instant>', 'due after this instant, such as 2026-01-22T08:00:00Z (default: now)')
    .option('--count <n>', 'how many', '20')
    .action(kit.run(showNext));
  group
    .command('list')
    .description('List schedules: when each comes next, and why one does not')
    .action(kit.run(listSchedules));
  group
    .command('info')
    .description('Show when a schedule comes next, what would stop it and what became of its starts')
    .argument('<job>', JOB)
    .action(kit.run(showSchedule));
  group
    .command('run')
    .description('Start what is due now by the ledger, or one start that was left out')
    .option('--job <job>', 'only this one')
    .option('--at <instant>', 'the start of the job that was planned then, such as 2026-01-22T09:00:00Z')
    .action(kit.run(runSchedules));
  group
    .command('start')
    .description('Serve schedules and all other triggers until Ctrl-C, unless somebody does already')
    .option('-d, --daemon', 'in a process of its own')
    .action(kit.run(startSchedules));
  addSwitches(kit, group);
  addWake(kit, group);
}

/** Exit code 1 where nothing is written that could start (SPEC §13). */
async function startSchedules(context: CliContext, flags: { readonly daemon?: boolean }): Promise<ExitCode> {
  const { triggers } = await withClient(context, (client) => client.call('triggers.list', { kind: 'schedule' }));
  if (triggers.length === 0) throw noSchedules();
  return serveTriggers(context, { what: 'Schedules', isDaemon: flags.daemon ?? false });
}

const JOB = 'key, id or WORKFLOW_N of the schedule';

function addSwitches(kit: CommandKit, group: ReturnType<typeof addGroup>): void {
  group
    .command('enable')
    .description('Arm a schedule, after showing its next starts and what would stop them')
    .argument('<job>', JOB)
    .action(kit.run(enableSchedule));
  group
    .command('disable')
    .description('Switch a schedule off until somebody enables it')
    .argument('<job>', JOB)
    .action(kit.run(disableSchedule));
  group
    .command('pause')
    .description('Pause a schedule, or all triggers; what would have started is written down')
    .argument('[job]', JOB)
    .option('--reason <text>', 'why')
    .option('--for <duration>', 'it goes on by itself after so long, such as 1h')
    .option('--until <instant>', 'it goes on by itself then, such as 2026-01-31T08:00')
    .action(kit.run(pauseSchedules));
  group
    .command('resume')
    .description('Let a schedule, or all triggers, go on')
    .argument('[job]', JOB)
    .action(kit.run(resumeSchedules));
}

interface NextFlags {
  readonly tz?: string;
  readonly from?: string;
  readonly count: string;
}

async function showNext(context: CliContext, schedule: string, flags: NextFlags): Promise<ExitCode> {
  const count = integerOption('--count', flags.count, { min: 1, max: 1000 });
  const { nextDue, parseSchedule, readInstant } = await import('../../core/triggers/index.ts');
  const zone = flags.tz ?? (await projectZone(context, { warns: true }));
  const from = flags.from === undefined ? Date.now() : readInstant(flags.from, zone);
  // Nobody's job yet: the grid of '@every' begins where it is looked at.
  const read = parseSchedule(schedule, zone, from);
  const dues: number[] = [];
  for (let due = nextDue(read, from); due !== null && dues.length < count; due = nextDue(read, due)) dues.push(due);
  print(context, { occurrences: dues.map(isoTime) }, () =>
    dues.length === 0
      ? 'Never: it is not due within ten years.'
      : dues.map((at) => `${zoneTime(at, zone)}   ${isoTime(at)}`).join('\n'),
  );
  return EXIT.ok;
}
