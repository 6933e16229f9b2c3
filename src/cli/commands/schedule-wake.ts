import type { Command } from 'commander';
import type { WakeState } from '../../shared/contract/index.ts';
import { withClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { isoTime, localTime } from '../text/time-text.ts';

/** `schedule wake status|install|remove|run`: a timer of the system that starts what is due while nobody has the project open. */
export function addWake(kit: CommandKit, schedule: Command): void {
  const group = schedule
    .command('wake')
    .description('A timer of the system that starts what is due while the app is closed')
    .usage('COMMAND [options]');
  group
    .command('status')
    .description('Show the files and commands of the timer, and whether it is on')
    .action(kit.run(showWake));
  group
    .command('install')
    .description('Write these files and switch the timer on; without --yes they are only shown')
    .option('-y, --yes', 'really')
    .action(kit.run(installWake));
  group.command('remove').description('Take the timer away, with all that it left').action(kit.run(removeWake));
  group
    .command('run')
    .description('What the timer does once a minute: start what is due, tell of starts that did not happen')
    .action(kit.run(async (context) => (await import('../live/wake-look.ts')).lookForTimer(context)));
}

async function showWake(context: CliContext): Promise<ExitCode> {
  show(context, await withClient(context, (client) => client.call('wake.show', {})));
  return EXIT.ok;
}

async function installWake(context: CliContext, { yes = false }: { readonly yes?: boolean }): Promise<ExitCode> {
  const state = await withClient(context, async (client) => {
    const shown = await client.call('wake.show', {});
    return yes ? client.call('wake.install', { hash: shown.hash }) : shown;
  });
  show(context, state, yes ? '' : "\n\nNothing was written. 'aiworkflow schedule wake install --yes' writes it.");
  return EXIT.ok;
}

async function removeWake(context: CliContext): Promise<ExitCode> {
  const { state } = await withClient(context, (client) => client.call('wake.remove', {}));
  print(context, { state }, () => 'The timer is gone, and nothing of it is left.');
  return EXIT.ok;
}

function show(context: CliContext, shown: WakeState, after = ''): void {
  const { system, problem, state, files, commands, lookedAt } = shown;
  print(
    context,
    { system, problem, state, files, commands, looked_at: isoTime(lookedAt) },
    () => `${stateText(shown)}${after}`,
  );
}

function stateText({ problem, state, files, commands, lookedAt }: WakeState): string {
  if (problem !== null) return PROBLEM[problem];
  const looked = lookedAt === null ? 'It has not looked yet.' : `It looked last at ${localTime(lookedAt)}.`;
  return [
    state === 'off' ? STATE.off : `${STATE[state]} ${looked}`,
    ...files.map(({ path, text }) => `\n${path}\n${text.trimEnd().replaceAll(/^/gm, '  ')}`),
    '\nCommands:',
    ...commands.map((command) => `  ${command}`),
  ].join('\n');
}

const STATE = {
  off: 'The timer is off.',
  on: 'The timer is on.',
  changed: "The files of the timer are not those that would be written now: 'schedule wake install --yes' writes them.",
} as const;

const PROBLEM = {
  no_system: 'This system has no timer that is known here.',
  no_place: 'An AppImage has no lasting place that a timer could name: install the .deb package.',
} as const;
