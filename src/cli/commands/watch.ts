import { resolve } from 'node:path';
import type { InputOf, TriggerSummary, WatchSummary } from '../../shared/contract/index.ts';
import { grouped } from '../../shared/grouped.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { table } from '../text/table.ts';
import { serveWatches } from './watch-serving.ts';

/** `watch list|start|config|answer` (SPEC §13). */
export function addWatch(kit: CommandKit): void {
  const group = addGroup(kit, 'watch', 'Workflows that files start');
  group
    .command('list')
    .description('List file watches: what they watch, what they start, and why one does not')
    .action(kit.run(listWatches));
  group
    .command('start')
    .description('Watch a folder and run a workflow for its files; without --workflow all armed watches')
    .argument('[path]', 'folder to watch (default: this one)')
    .addOption(repeated('-p, --pattern <glob>', 'files that count (default: *)'))
    .option('-w, --workflow <id>', 'workflow that is run')
    .option('-r, --recursive', 'folders below too (this is the default)')
    .option('-R, --no-recursive', 'only the folder itself')
    .option('-d, --debounce <seconds>', 'how long a file must be at rest', '1.0')
    .addOption(repeated('--ignore <glob>', 'files and folders that do not count'))
    .action(kit.run(startWatch));
  group
    .command('config')
    .description('Print a sample of .aiworkflow/triggers/watches.yaml')
    .action(kit.run(printConfig));
  group
    .command('answer')
    .description('Say what became of files that are gone: deleted for good, or kept because they will be back')
    .argument('<trigger>', 'name of the watch')
    .argument('<answer>', 'gone or keep')
    .action(kit.run(answerWatch));
}

async function listWatches(context: CliContext): Promise<ExitCode> {
  const { triggers, running } = await withClient(context, async (client) => ({
    triggers: (await client.call('triggers.list', { kind: 'file' })).triggers,
    running: (await client.call('watches.list', {})).watches,
  }));
  const rows = triggers.map((trigger) => ({
    trigger,
    watch: running.find(({ triggerKey }) => triggerKey === trigger.key) ?? null,
  }));
  print(context, { watches: rows.map(watchJson), count: rows.length }, () => listText(rows));
  return EXIT.ok;
}

interface Row {
  readonly trigger: TriggerSummary;
  readonly watch: WatchSummary | null;
}

const statusOf = ({ trigger, watch }: Row): string =>
  watch === null || trigger.status !== 'armed' ? trigger.status : watch.status;

const reasonOf = ({ trigger, watch }: Row): string | null => watch?.reason ?? trigger.reason;

/** A watch in the words of SPEC §7.2. */
const watchJson = (row: Row): unknown => {
  const { trigger, watch } = row;
  const { config } = trigger;
  return {
    id: trigger.id,
    key: trigger.key,
    workflow_id: trigger.workflowId,
    path: config.path ?? '.',
    patterns: config.patterns ?? ['*'],
    ignore_patterns: config.ignore ?? config.ignore_patterns ?? [],
    recursive: config.recursive ?? true,
    events: config.events ?? ['created', 'modified'],
    debounce_seconds: config.debounce_seconds ?? 1,
    status: statusOf(row),
    reason: reasonOf(row),
    question: watch?.question ?? null,
    folder: watch?.root ?? null,
    files: watch?.files ?? null,
    waiting: watch?.waiting ?? null,
    notices: watch?.notices ?? [],
    run_count: trigger.runCount,
  };
};

function listText(rows: readonly Row[]): string {
  if (rows.length === 0) return "No workflow here is started by files. See 'aiworkflow watch config'.";
  const notices = rows.flatMap(({ trigger, watch }) => (watch?.notices ?? []).map((text) => `${trigger.key}: ${text}`));
  const list = table(
    ['WATCH', 'FOLDER', 'STATUS', 'FILES', 'STARTS', 'WHY'],
    rows.map((row) => [
      row.trigger.key,
      row.watch?.root || String(row.trigger.config.path ?? '.'),
      statusOf(row),
      row.watch === null ? '' : grouped(row.watch.files),
      grouped(row.trigger.runCount),
      reasonOf(row) ?? '',
    ]),
  );
  return [list, ...notices].join('\n');
}

interface StartFlags {
  readonly pattern?: readonly string[];
  readonly workflow?: string;
  readonly recursive?: boolean;
  readonly debounce: string;
  readonly ignore?: readonly string[];
}

async function startWatch(context: CliContext, path: string | undefined, flags: StartFlags): Promise<ExitCode> {
  const { workflow, pattern, ignore } = flags;
  if (workflow === undefined) {
    if (path !== undefined || pattern !== undefined || ignore !== undefined)
      throw usageError('No workflow given', 'Name the one that is run: --workflow ID.');
    return serveWatches(context, null);
  }
  const asked: InputOf<'watches.open'> = {
    workflow,
    path: resolve(context.cwd, path ?? '.'),
    recursive: flags.recursive !== false,
    debounceSeconds: secondsOf(flags.debounce),
    ...(pattern === undefined ? {} : { patterns: [...pattern] }),
    ...(ignore === undefined ? {} : { ignore: [...ignore] }),
  };
  return serveWatches(context, asked);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds <= 86_400) return seconds;
  throw usageError(`Invalid --debounce: '${text}'`, 'Write seconds, such as 1.0.');
}

async function answerWatch(context: CliContext, trigger: string, word: string): Promise<ExitCode> {
  if (word !== 'gone' && word !== 'keep') throw usageError(`Invalid answer: '${word}'`, "Write 'gone' or 'keep'.");
  await withClient(context, (client) => client.call('watches.answer', { trigger, answer: word }));
  print(context, { trigger, answer: word }, () => `${trigger}: ${word}`);
  return EXIT.ok;
}

const SAMPLE_FILE = '.aiworkflow/triggers/watches.yaml';
const SAMPLE = `watches:
  - id: drop-folder
    workflow_id: my-workflow          # a workflow of this project
    path: ./inbox                     # in the project, or an absolute path
    patterns: ["*.csv", "!draft-*"]   # * ** ? [a-z] {a,b}; ! takes back
    ignore_patterns: ["archive/**"]   # goes before patterns
    recursive: true
    events: [created, modified]       # also deleted, moved
    debounce_seconds: 1.0             # how long a file must be at rest
    workflow_inputs:
      file: "{{ trigger.file.path }}"
    # regex: "^[0-9]{4}-"             # path or name must meet it too
    # batch: true                     # one run for all files that come together: trigger.files
    # catch_up: none                  # what came while the app was closed starts nothing
`;

async function printConfig(context: CliContext): Promise<ExitCode> {
  print(context, { file: SAMPLE_FILE, config: SAMPLE }, () => `# ${SAMPLE_FILE}\n${SAMPLE}`.trimEnd());
  return EXIT.ok;
}
