import { createInstantText } from '../../shared/instant-text.ts';
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

/** `runs log RUN`: page by page, each when the one before has left the process, so that a million lines never stand in memory. */
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
    const textOf = lineTexts(context);
    await eachLogPage(port, 1, (lines) => {
      terminal.out(lines.map(textOf).join(''));
      return terminal.flush();
    });
    return;
  }
  // The first page is read before anything is printed: an unknown run is an error and nothing else.
  let count = 0;
  await eachLogPage(port, 1, (lines) => {
    terminal.out(`${count === 0 ? '{"lines":[' : ','}${lines.map((line) => JSON.stringify(line)).join(',')}`);
    count += lines.length;
    return terminal.flush();
  });
  terminal.out(`${count === 0 ? '{"lines":[' : ''}],"count":${count}}\n`);
}

async function followLog(context: CliContext, client: OpenClient, filter: LogFilter): Promise<void> {
  const { terminal, globals } = context;
  const textOf = globals.json ? (line: LogLine) => `${JSON.stringify(line)}\n` : lineTexts(context);
  const showNew = createLogFollower({ client, filter, canGoOn: () => terminal.canWrite() }, (lines) =>
    terminal.out(lines.map(textOf).join('')),
  );
  await followRun(client, async () => filter.runId, { changed: () => undefined, logged: showNew });
  await showNew();
}

/** Lines as a person reads them. */
function lineTexts({ colors: { out: paint } }: CliContext): (line: LogLine) => string {
  const instantText = createInstantText();
  return ({ at, path, level, text }) => {
    const plain = plainText(text);
    const painted = level === 'error' ? paint.red(plain) : level === 'warning' ? paint.yellow(plain) : plain;
    return `${paint.dim(`${instantText(at).slice(11, 23)} ${path} |`)} ${painted}\n`;
  };
}
