import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { ToolCallOutcome } from '../../shared/model/tool.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { durationText } from '../text/time-text.ts';
import { changeLines } from '../text/tool-change-text.ts';
import { toolText, toolValue } from '../text/tool-text.ts';
import { readInputs } from '../values/input-items.ts';

const HASH = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z_][\w-]{0,99}$/;

/** `tools list|show|call|test` (SPEC §13). */
export function addTools(kit: CommandKit): void {
  const group = addGroup(kit, 'tools', "Tools of the project's registry");
  group.command('list').description('List the tools; starts nothing').action(kit.run(listTools));
  group
    .command('show')
    .description('Show a tool and its operations')
    .argument('<tool>', 'name of the tool')
    .option('--refresh', 'reach the tool and list its operations anew')
    .option('--accept <hash>', 'with --refresh: accept the definitions with this hash')
    .action(kit.run(showTool));
  group
    .command('call')
    .description('Call one operation of a tool')
    .argument('<tool.operation>', 'such as github.list_issues')
    .addOption(repeated('-p, --param <item>', 'key=text, key=@file, key:=JSON; again for more'))
    .option('--accept <hash>', 'accept the changed definitions with this hash before the call')
    .action(kit.run(callTool));
  group
    .command('test')
    .description('Reach a tool without calling an operation')
    .argument('<tool>', 'name of the tool')
    .action(kit.run(testTool));
}

async function listTools(context: CliContext): Promise<ExitCode> {
  const { tools, hasRegistry, problems } = await withClient(context, (client) => client.call('tools.list', {}));
  for (const problem of problems) warn(context, oneLine(problem));
  const rows = tools.map((tool) => ({
    name: tool.name,
    category: tool.category,
    types: tool.types,
    description: tool.description,
    state: tool.state,
    operations: tool.operationCount,
    ...(tool.error === null ? {} : { error: tool.error.message }),
  }));
  const value = { tools: rows, count: rows.length, ...(problems.length === 0 ? {} : { problems }) };
  print(context, value, () => {
    if (!hasRegistry) return "No tool registry found. 'aiworkflow init' makes one.";
    if (rows.length === 0) return 'No tools in the registry.';
    const cells = rows.map((row) => [row.name, row.category, row.types.join(', '), row.state, row.operations ?? '']);
    return table(
      ['NAME', 'CATEGORY', 'TYPES', 'STATE', 'OPERATIONS'],
      cells.map((row) => row.map(String)),
    );
  });
  return EXIT.ok;
}

async function showTool(
  context: CliContext,
  name: string,
  flags: { readonly refresh?: boolean; readonly accept?: string },
): Promise<ExitCode> {
  const tool = toolName(name);
  const accept = acceptOption(flags.accept);
  if (accept !== undefined && flags.refresh !== true) throw usageError("'--accept' goes with '--refresh'");
  const detail = await withClient(context, (client) =>
    flags.refresh === true
      ? client.call('tools.refresh', { tool, ...(accept === undefined ? {} : { accept }) })
      : client.call('tools.show', { tool }),
  );
  print(context, toolValue(detail), () => toolText(detail, context.colors.out));
  return detail.change === null ? EXIT.ok : EXIT.error;
}

async function callTool(
  context: CliContext,
  action: string,
  flags: { readonly param?: readonly string[]; readonly accept?: string },
): Promise<ExitCode> {
  const { tool, operation } = splitName(action);
  const params: JsonMap = readInputs({ items: flags.param ?? [] }, context.cwd, (message) => warn(context, message));
  const accept = acceptOption(flags.accept);
  const outcome = await withClient(context, (client) =>
    interruptible(context, client, async () => {
      try {
        if (accept !== undefined) await client.call('tools.refresh', { tool, accept });
        return await client.call('tools.call', { tool, operation, params });
      } catch (thrown) {
        throw await withBothWords(context, client, tool, thrown);
      }
    }),
  );
  for (const warning of outcome.warnings) warn(context, oneLine(warning));
  if (context.globals.verbose) for (const line of outcome.log) note(context, plainText(line));
  const { output, warnings, durationMs } = outcome;
  const value = { tool, operation, output, warnings, duration_seconds: durationMs / 1000 };
  print(context, value, () => outcomeText(outcome));
  return EXIT.ok;
}

/** Whoever is asked to accept a change sees what was accepted and what waits: in the error with --json, else before it. */
async function withBothWords(context: CliContext, client: OpenClient, tool: string, thrown: unknown): Promise<unknown> {
  const error = toErrorRecord(thrown);
  if (error.code !== 'tool.changed') return thrown;
  const { change } = await client.call('tools.show', { tool });
  if (change === null) return thrown;
  if (context.globals.json)
    return AppError.fromRecord({ ...error, details: { ...error.details, operations: change.operations } });
  context.terminal.err(`${changeLines(change).join('\n')}\n`);
  return thrown;
}

function outcomeText({ output, durationMs }: ToolCallOutcome): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output, null, 2);
  return `${plainText(text)}\n(${durationText(durationMs)})`;
}

async function testTool(context: CliContext, name: string): Promise<ExitCode> {
  const tool = toolName(name);
  const { ok, checks } = await withClient(context, (client) =>
    interruptible(context, client, () => client.call('tools.test', { tool })),
  );
  print(context, { tool, ok, checks }, () => {
    const rows = checks.map((check) => [check.ok ? 'OK' : 'ERROR', check.name, oneLine(check.message)]);
    const width = Math.max(...rows.map(([, label = '']) => label.length));
    const lines = rows.map(
      ([icon = '', label = '', message]) => `${icon.padEnd(5)}  ${label.padEnd(width)}  ${message}`,
    );
    return [...lines, ok ? `${tool} works.` : `${tool} does not work yet.`].join('\n');
  });
  return ok ? EXIT.ok : EXIT.error;
}

/** Ctrl-C and SIGTERM end what was started here before this process ends. */
async function interruptible<T>(context: CliContext, client: OpenClient, work: () => Promise<T>): Promise<T> {
  const stop = context.interrupts.listen(() => void client.abandon().finally(() => process.exit(EXIT.interrupted)));
  try {
    return await work();
  } finally {
    stop();
  }
}

function splitName(action: string): { readonly tool: string; readonly operation: string } {
  const dot = action.indexOf('.');
  const [tool, operation] = [action.slice(0, dot), action.slice(dot + 1)];
  if (dot > 0 && operation !== '' && operation.length <= 200) return { tool: toolName(tool), operation };
  throw usageError(
    `'${action}' is not of the form TOOL.OPERATION`,
    "List the operations with 'aiworkflow tools show TOOL'.",
  );
}

/** A name as a person typed it; one that no tool can have is not asked for. */
function toolName(text: string): string {
  if (NAME.test(text)) return text;
  throw new AppError('tool.not_found', `Tool not found: ${text}`, {
    hint: "List the tools with 'aiworkflow tools list'.",
  });
}

function acceptOption(text: string | undefined): string | undefined {
  if (text === undefined || HASH.test(text)) return text;
  throw usageError(
    `Invalid --accept: '${text}' is no hash`,
    "Copy the hash that 'aiworkflow tools show TOOL --refresh' shows.",
  );
}
