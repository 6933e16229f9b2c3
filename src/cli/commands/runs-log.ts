import type { LogLine } from '../../shared/model/run.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followRun } from '../live/follow-run.ts';
import { createLogFollower, eachLogPage, type LogFilter } from '../live/log-follower.ts';
import { plainText } from '../text/plain-text.ts';
import { runIdArgument } from '../values/option-values.ts';

interface LogFlags {
  readonly follow?: boolean;
  readonly step?: string;
  readonly level?: 'debug' | 'info' | 'warning' | 'error';
}

/** `runs log RUN`: page by page, so that a million lines never stand in memory. */
export async function printLog(context: CliContext, run: string, flags: LogFlags): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const filter: LogFilter = {
    runId,
    ...(flags.step === undefined ? {} : { path: flags.step }),
    ...(flags.level === undefined ? {} : { level: flags.level }),
  };
  await withClient(context, (client) =>
    flags.follow === true ? followLog(context, client, filter) : printWhole(context, client, filter),
  );
  return EXIT.ok;
}

async function printWhole(context: CliContext, client: OpenClient, filter: LogFilter): Promise<void> {
  const { terminal, globals } = context;
  const port = { client, filter, canGoOn: () => terminal.canWrite() };
  if (!globals.json) {
    await eachLogPage(port, 1, (lines) => terminal.out(lines.map((line) => lineText(line, context)).join('')));
    return;
  }
  // The first page is read before anything is printed: an unknown run is an error and nothing else.
  let count = 0;
  await eachLogPage(port, 1, (lines) => {
    terminal.out(`${count === 0 ? '{"lines":[' : ','}${lines.map((line) => JSON.stringify(line)).join(',')}`);
    count += lines.length;
  });
  terminal.out(`${count === 0 ? '{"lines":[' : ''}],"count":${count}}\n`);
}

async function followLog(context: CliContext, client: OpenClient, filter: LogFilter): Promise<void> {
  const { terminal, globals } = context;
  const showNew = createLogFollower({ client, filter, canGoOn: () => terminal.canWrite() }, (lines) =>
    terminal.out(lines.map((line) => (globals.json ? `${JSON.stringify(line)}\n` : lineText(line, context))).join('')),
  );
  await followRun(client, async () => filter.runId, { changed: () => undefined, logged: showNew });
  await showNew();
}

function lineText(line: LogLine, { colors }: CliContext): string {
  const paint = colors.out;
  const text = plainText(line.text);
  const painted = line.level === 'error' ? paint.red(text) : line.level === 'warning' ? paint.yellow(text) : text;
  return `${paint.dim(`${new Date(line.at).toISOString().slice(11, 23)} ${line.path} |`)} ${painted}\n`;
}
