import type { Command } from 'commander';
import { exitCodeOf } from './exit-codes.ts';
import { asAppError, type GlobalOptions, Output } from './output.ts';

/** What every command gets: its output and the global options. */
export interface CommandContext {
  readonly output: Output;
  readonly options: GlobalOptions;
}

/** The exit code of this process, decided by the command that ran. */
export const outcome = { exitCode: 0 };

/** Reads the global options from wherever they stood on the line (SPEC §13). */
export function globalOptions(command: Command): GlobalOptions {
  const { json, verbose, quiet, color, project } = command.optsWithGlobals<{
    json?: boolean;
    verbose?: boolean;
    quiet?: boolean;
    color?: boolean;
    project?: string;
  }>();
  return { json: json ?? false, verbose: verbose ?? false, quiet: quiet ?? false, color: color ?? true, project };
}

/** Wraps a command's work: an error is shown in the asked form and becomes the exit code. */
export function action<A extends readonly unknown[]>(
  work: (context: CommandContext, ...words: A) => Promise<number | undefined>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const options = globalOptions(command);
    const output = new Output(options);
    const words = given.slice(0, -1) as unknown as A;
    try {
      outcome.exitCode = (await work({ output, options }, ...words)) ?? 0;
    } catch (thrown) {
      const error = asAppError(thrown);
      if (options.verbose && error.code === 'internal.bug' && thrown instanceof Error)
        process.stderr.write(`${thrown.stack}\n`);
      output.failure(error);
      outcome.exitCode = exitCodeOf(error);
    }
  };
}
