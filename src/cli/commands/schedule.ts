import { warnOfSettings } from '../client/warn-of-settings.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { isoTime, zoneTime } from '../text/time-text.ts';
import { integerOption } from '../values/option-values.ts';

/** `schedule next`. */
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
}

interface NextFlags {
  readonly tz?: string;
  readonly from?: string;
  readonly count: string;
}

async function showNext(context: CliContext, schedule: string, flags: NextFlags): Promise<ExitCode> {
  const count = integerOption('--count', flags.count, { min: 1, max: 1000 });
  const { nextDue, parseSchedule, readInstant } = await import('../../core/triggers/index.ts');
  const zone = flags.tz ?? (await projectZone(context));
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

/** `scheduler.timezone` of the project (SPEC §14). */
async function projectZone(context: CliContext): Promise<string> {
  const { readProjectConfig } = await import('../../core/projects/index.ts');
  const project = await context.findProject(context.globals.project);
  const { config, diagnostics } = await readProjectConfig(project.path, { env: process.env });
  warnOfSettings(context, diagnostics);
  return config.scheduler.timezone;
}
