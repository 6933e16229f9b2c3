import type { Command } from 'commander';
import { Option } from 'commander';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** What a command group needs to add itself to the program. */
export interface CommandKit {
  readonly program: Command;
  /** Makes the action of a command: the handler gets the context with the global options, and gives the exit code. */
  run<A extends readonly unknown[]>(
    handler: (context: CliContext, ...args: A) => Promise<ExitCode | undefined>,
  ): (...args: A) => Promise<void>;
}

/** A group such as `workflow`: alone it shows its help and is a usage error. */
export function addGroup(kit: CommandKit, name: string, description: string): Command {
  return kit.program.command(name).description(description).usage('COMMAND [options]');
}

/** `--name VALUE`, again and again. */
export const repeated = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);

export const DONE: ExitCode = EXIT.ok;
