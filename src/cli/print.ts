import type { CliContext } from './context.ts';

type Printing = Pick<CliContext, 'terminal' | 'globals' | 'colors'>;

/** Prints a result: the one JSON value, or the text for people. */
export function print(context: Printing, json: unknown, text: () => string): void {
  if (context.globals.json) {
    context.terminal.out(`${JSON.stringify(json)}\n`);
    return;
  }
  const shown = text();
  context.terminal.out(shown.endsWith('\n') || shown === '' ? shown : `${shown}\n`);
}

/** A line about the progress, for people; nothing under `--quiet`. */
export function note(context: Printing, line: string): void {
  if (!context.globals.quiet) context.terminal.err(`${line}\n`);
}

/** A warning for people; under `--json` it would have to be part of the value and is left out. */
export function warn(context: Printing, line: string): void {
  if (!context.globals.json) warnBeside(context, line);
}

/** A warning that is no part of any value, so that it stands on stderr under `--json` too. */
export function warnBeside(context: Printing, line: string): void {
  if (!context.globals.quiet) context.terminal.err(`${context.colors.err.yellow('Warning:')} ${line}\n`);
}
