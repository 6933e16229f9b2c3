import type { RepeatedStep } from '../../shared/contract/index.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { runIdArgument } from '../values/option-values.ts';

/** `runs retry RUN --dry-run`: where it would begin and which steps would be done again; nothing is started. */
export async function foreseeRetry(context: CliContext, run: string, from: string | undefined): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const input = { runId, ...(from === undefined ? {} : { from }) };
  const plan = await withClient(context, (client) => client.call('runs.planRetry', input));
  print(context, { dry_run: true, ...plan }, () => `It would begin at ${plan.from}.\n${repeatsText(plan.repeats)}`);
  return EXIT.ok;
}

/** `runs replay RUN --dry-run`: in which version, and which steps would be done again; nothing is started. */
export async function foreseeReplay(context: CliContext, run: string, latest: boolean): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const plan = await withClient(context, (client) => client.call('runs.planReplay', { runId, latest }));
  const { version, repeats } = plan;
  print(
    context,
    { dry_run: true, version, repeats },
    () => `It would run version ${version.label} ${version.hash.slice(0, 7)}.\n${repeatsText(repeats)}`,
  );
  return EXIT.ok;
}

/** Those that change something by themselves, and how many others. */
export function repeatsText(repeats: readonly RepeatedStep[]): string {
  const effects = repeats.filter(({ effect }) => effect === 'effect');
  const others = repeats.length - effects.length;
  const named = effects.map(({ path, name }) => `  ${path}  ${name}\n`).join('');
  const first =
    effects.length === 0 ? 'No step would have an effect again.\n' : `These would have their effects again:\n${named}`;
  return `${first}${others === 0 ? '' : `${others} more only read, or may be repeated.\n`}`;
}
