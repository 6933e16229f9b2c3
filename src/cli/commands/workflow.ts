import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Option } from 'commander';
import type { CreatedWorkflow, LibraryEntry, ValidationReport } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { callReader, withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { oneLine } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';
import { addExport } from './bundle.ts';
import { printValidation } from './validation.ts';
import { diffVersions } from './workflow-diff.ts';
import { testWorkflow } from './workflow-test.ts';

const TEMPLATES = ['basic', 'multi-step', 'with-tools', 'loop', 'approval', 'webhook'] as const;

/** `workflow list|validate|show|test|create|versions|diff|export|enable|disable|reset`. */
export function addWorkflow(kit: CommandKit): void {
  const group = addGroup(kit, 'workflow', 'Workflows of the project');
  group
    .command('list')
    .description('List the workflows of the project')
    .option('--tag <tag>', 'only those with this tag')
    .action(kit.run(listWorkflows));
  group
    .command('validate')
    .description('Check a workflow and name every problem')
    .argument('<file>', 'file, bundle folder or id')
    .option('--strict', 'warnings are errors')
    .action(kit.run(validateWorkflow));
  group
    .command('show')
    .description('Show what a workflow consists of')
    .argument('<file>', 'file, bundle folder or id')
    .action(kit.run(showWorkflow));
  group
    .command('test')
    .description('Replay the tests of a workflow: nothing is called, and nothing costs')
    .argument('<workflow>', 'file, bundle folder or id')
    .option('--only <name>', 'this test alone')
    .action(kit.run(testWorkflow));
  group
    .command('create')
    .description('Make a workflow from a template')
    .argument('<name>', 'name of the workflow')
    .option('-o, --output <folder>', "folder to make it in (default: the project's workflows or bundles)")
    .option('-b, --bundle', 'make a bundle: a folder with config and tools')
    .addOption(new Option('-t, --template <name>', 'what to begin with').choices(TEMPLATES).default('basic'))
    .option('--force', 'write over what is there')
    .action(kit.run(createWorkflow));
  group
    .command('versions')
    .description('List the versions of a workflow that were started or published')
    .argument('<id>', 'id of the workflow')
    .action(kit.run(listVersions));
  group
    .command('diff')
    .description('Show what is different between two versions of a workflow, step by step')
    .argument('<id>', 'id of the workflow')
    .argument(
      '[before]',
      "hash of a version, or its first digits, or 'published'; the one before the published text unless told",
    )
    .argument('[after]', "as before; 'published' unless told")
    .action(kit.run(diffVersions));
  addExport(kit, group, ['<id>', 'id of the workflow']);
  group
    .command('reset')
    .description('Let triggers start a workflow again that was held back after failed runs')
    .argument('<id>', 'id of the workflow')
    .action(kit.run(resetBreaker));
  group
    .command('enable')
    .description('Arm the triggers of a workflow as it is now: it starts by itself')
    .argument('<id>', 'id of the workflow')
    .action(kit.run((context: CliContext, id: string) => switchTriggers(context, 'triggers.enableWorkflow', id)));
  group
    .command('disable')
    .description('Let no trigger of a workflow start anything; runs by hand go on')
    .argument('<id>', 'id of the workflow')
    .action(kit.run((context: CliContext, id: string) => switchTriggers(context, 'triggers.disableWorkflow', id)));
}

/** Whoever types it answers for the starts. */
async function switchTriggers(
  context: CliContext,
  operation: 'triggers.enableWorkflow' | 'triggers.disableWorkflow',
  id: string,
): Promise<ExitCode> {
  const { triggers, isHosting } = await withClient(context, (client) => client.call(operation, { workflow: id }));
  const own = triggers.filter(({ workflowId }) => workflowId === id);
  const rows = own.map((one) => ({ id: one.alias, type: one.kind, status: one.status, reason: one.reason }));
  print(context, { workflow: id, triggers: rows, count: rows.length }, () =>
    own.length === 0
      ? `${id} has no triggers.`
      : table(
          ['TRIGGER', 'TYPE', 'STATUS', ''],
          own.map((one) => [one.alias, one.kind, one.status, one.reason ?? '']),
        ),
  );
  const serves = operation === 'triggers.enableWorkflow' && own.length > 0 && !isHosting;
  if (serves) note(context, "Nobody serves them now: open the app, or 'aiworkflow schedule start'.");
  return EXIT.ok;
}

async function listWorkflows(context: CliContext, flags: { readonly tag?: string }): Promise<ExitCode> {
  const project = await context.findProject(context.globals.project);
  const folder = join(project.path, '.aiworkflow', 'workflows');
  if (project.isFresh || (await stat(folder).catch(() => null)) === null) return printNoFolder(context);
  const { workflows } = await withClient(context, (client) =>
    client.call('workflows.list', flags.tag === undefined ? {} : { tag: flags.tag }),
  );
  print(
    context,
    { workflows: workflows.map((entry) => workflowRow(entry, project.path)), count: workflows.length },
    () =>
      workflows.length === 0
        ? "No workflows yet. Make one with 'aiworkflow workflow create NAME'."
        : table(
            ['ID', 'NAME', 'VERSION', 'PATH', 'STATE'],
            workflows.map((entry) => [
              entry.id,
              entry.name,
              entry.version,
              entry.path,
              entry.error ?? entry.unsupported ?? 'ok',
            ]),
          ),
  );
  return EXIT.ok;
}

function printNoFolder(context: CliContext): ExitCode {
  const error = 'No workflows directory found';
  const suggestion = "Run 'aiworkflow init' first";
  if (context.globals.json) print(context, { error, suggestion }, () => '');
  else
    context.terminal.err(
      `${context.colors.err.red('Error:')} ${error}\n${context.colors.err.cyan('Tip:')} ${suggestion}\n`,
    );
  return EXIT.error;
}

function workflowRow(entry: LibraryEntry, projectPath: string): Readonly<Record<string, unknown>> {
  const error = entry.error ?? entry.unsupported;
  return {
    name: entry.name,
    id: entry.id,
    version: entry.version,
    file: basename(entry.path),
    path: join(projectPath, entry.path),
    ...(error === null ? {} : { error }),
  };
}

async function validateWorkflow(
  context: CliContext,
  file: string,
  flags: { readonly strict?: boolean },
): Promise<ExitCode> {
  const report: ValidationReport = await withWorkflowRef(file, context.cwd, (ref) =>
    callReader(context, 'workflows.validate', { ref }),
  );
  return printValidation(context, report, { strict: flags.strict ?? false, noun: 'Workflow' });
}

/** Without a lease: only files are read. */
async function readWorkflow(
  context: CliContext,
  file: string,
): Promise<{ readonly workflow: Workflow; readonly requiredTools: readonly string[] }> {
  const { projectPaths, resolveWorkflow } = await import('../../core/projects/index.ts');
  const { requiredTools } = await import('../../core/workflow/index.ts');
  const paths = projectPaths((await context.findProject(context.globals.project)).path);
  const { reading } = await withWorkflowRef(file, context.cwd, (ref) => resolveWorkflow(ref, paths));
  if (reading === null)
    throw new AppError('bundle.no_workflow', 'No workflow file found (expected workflow.md or *.md)');
  return { workflow: reading.workflow, requiredTools: requiredTools(reading.workflow).tools };
}

async function showWorkflow(context: CliContext, file: string): Promise<ExitCode> {
  const { workflow, requiredTools } = await readWorkflow(context, file);
  const steps = workflow.steps.map((step) => ({
    name: step.name,
    action: step.action ?? step.kind,
    output_variable: step.outputVariable ?? null,
  }));
  const { id, name, version } = workflow;
  const report: ValidationReport = await withWorkflowRef(file, context.cwd, (ref) =>
    callReader(context, 'workflows.validate', { ref }),
  );
  const { missing } = report;
  const able = { can_run: report.valid && missing.length === 0, missing };
  print(context, { id, name, version, steps, required_tools: [...requiredTools].sort(), ...able }, () => {
    const tools = requiredTools.length === 0 ? 'none' : [...requiredTools].sort().join(', ');
    const cannot =
      missing.length === 0 ? '' : `Cannot run here yet: ${missing.map(({ why }) => oneLine(why)).join(', ')}\n`;
    return `${name} (${id}) ${version}\nRequired tools: ${tools}\n${cannot}${table(
      ['STEP', 'ACTION', 'OUTPUT'],
      steps.map((step) => [step.name, step.action, step.output_variable ?? '']),
    )}`;
  });
  return EXIT.ok;
}

interface CreateFlags {
  readonly output?: string;
  readonly bundle?: boolean;
  readonly template: (typeof TEMPLATES)[number];
  readonly force?: boolean;
}

async function createWorkflow(context: CliContext, name: string, flags: CreateFlags): Promise<ExitCode> {
  const { template, bundle = false, force = false } = flags;
  const output = flags.output === undefined ? {} : { output: resolve(context.cwd, flags.output) };
  const made: CreatedWorkflow = await withClient(context, (client) =>
    client.call('workflows.create', { name, template, bundle, force, ...output }),
  );
  print(context, made, () =>
    [`Created ${made.type} ${made.created}`, ...(made.files ?? []).map((file) => `  ${file}`)].join('\n'),
  );
  return EXIT.ok;
}

async function resetBreaker(context: CliContext, id: string): Promise<ExitCode> {
  const reset = await withClient(context, (client) =>
    withWorkflowRef(id, context.cwd, (ref) => client.call('workflows.resetBreaker', { ref })),
  );
  print(context, { id: reset.id, reset: true }, () => `Triggers may start '${reset.id}' again.`);
  return EXIT.ok;
}

async function listVersions(context: CliContext, id: string): Promise<ExitCode> {
  const { entry, versions, contentHash } = await withClient(context, (client) =>
    withWorkflowRef(id, context.cwd, (ref) => client.call('workflows.get', { ref })),
  );
  const rows = versions.map((one) => ({
    hash: one.hash,
    version: one.label,
    first_seen_at: isoTime(one.firstSeenAt),
    runs: one.runs,
    is_current: one.hash === contentHash,
  }));
  print(context, { id: entry.id, current_hash: contentHash, versions: rows, count: rows.length }, () =>
    rows.length === 0
      ? `${entry.name} was never started nor published in the app: there are no versions yet.`
      : table(
          ['HASH', 'VERSION', 'FIRST SEEN', 'RUNS'],
          versions.map((one) => [one.hash.slice(0, 12), one.label, localTime(one.firstSeenAt), String(one.runs)]),
        ),
  );
  return EXIT.ok;
}
