import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { projectPaths, resolveWorkflow } from '../../core/projects/index.ts';
import { requiredTools } from '../../core/workflow/index.ts';
import type { ValidationReport } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { action } from '../command-context.ts';
import { absoluteRef, openReading, projectOf, withClient } from '../doors.ts';
import { diagnosticText, type Output, table } from '../output.ts';

export function addWorkflowCommands(program: Command): void {
  const group = program.command('workflow').description('List, check, show and create workflows.');
  addList(group);
  addValidate(group);
  addShow(group);
  addCreate(group);
  addVersions(group);
}

function addList(group: Command): void {
  group
    .command('list')
    .description('List the workflows of the project.')
    .option('--tag <tag>', 'Only those with this tag.')
    .action(
      action(async ({ output, options }, flags: { tag?: string }) => {
        const project = await projectOf(options);
        const hasFolder = (await stat(projectPaths(project.path).workflowsDir).catch(() => null)) !== null;
        if (!hasFolder) throw new AppError('project.not_found', 'No workflows directory found', { hint: "Run 'aiworkflow init' first" });
        const { workflows } = await withClient(options, (client) => client.call('workflows.list', { tag: flags.tag }));
        const rows = workflows.map((one) => ({
          name: one.name,
          id: one.id,
          version: one.version,
          file: one.path.split('/').at(-1) ?? one.path,
          path: one.path,
          ...(one.error === null ? {} : { error: one.error }),
        }));
        const lines = rows.map((row) => [row.name, row.id, row.version, row.path, row.error ?? '']);
        output.result({ workflows: rows, count: rows.length }, rows.length === 0 ? 'No workflows yet.' : table([['Name', 'Id', 'Version', 'Path', ''], ...lines]));
        return 0;
      }),
    );
}

/** Prints a validation report; exit 1 when it is not valid. */
export function printValidation(report: ValidationReport, isStrict: boolean, output: Output): number {
  const valid = report.valid && (!isStrict || report.warnings.length === 0);
  const lines = [...report.errors, ...report.warnings].map(diagnosticText);
  const head = valid ? `Workflow '${report.name}' is valid.` : `Workflow '${report.name}' is not valid.`;
  output.result({ valid, errors: report.errors, warnings: report.warnings }, [head, ...lines].join('\n'));
  return valid ? 0 : 1;
}

function addValidate(group: Command): void {
  group
    .command('validate <file>')
    .description('Check a workflow and name every problem with its place.')
    .option('--strict', 'Warnings count as errors.')
    .action(
      action(async ({ output, options }, file: string, flags: { strict?: boolean }) => {
        const reader = await openReading(options);
        return printValidation(await reader.call('workflows.validate', { ref: absoluteRef(file) }), flags.strict ?? false, output);
      }),
    );
}

function addShow(group: Command): void {
  group
    .command('show <file>')
    .description('Show what a workflow does.')
    .action(
      action(async ({ output, options }, file: string) => {
        const project = await projectOf(options);
        const { reading } = await resolveWorkflow(absoluteRef(file), projectPaths(project.path));
        if (reading === null) throw new AppError('bundle.no_workflow', 'No workflow file found (expected workflow.md or *.md)');
        const { workflow } = reading;
        const steps = workflow.steps.map((step) => ({ name: step.name, action: step.action ?? step.kind, output_variable: step.outputVariable ?? null }));
        const shown = { id: workflow.id, name: workflow.name, version: workflow.version, steps, required_tools: requiredTools(workflow).tools };
        const rows = steps.map((step, index) => [String(index + 1), step.name, step.action, step.output_variable ?? '']);
        const tools = shown.required_tools.length === 0 ? '' : `\nTools: ${shown.required_tools.join(', ')}`;
        output.result(shown, `${workflow.name} (${workflow.id} ${workflow.version})\n${table(rows)}${tools}`);
        return 0;
      }),
    );
}

interface CreateFlags {
  readonly output?: string;
  readonly bundle?: boolean;
  readonly template: string;
  readonly force?: boolean;
}

function addCreate(group: Command): void {
  group
    .command('create <name>')
    .description('Make a workflow or a bundle from a template.')
    .option('-o, --output <dir>', 'Where (default: the library of the project).')
    .option('-b, --bundle', 'Make a bundle folder.')
    .option('-t, --template <template>', 'basic, multi-step or with-tools.', 'basic')
    .option('-f, --force', 'Write over what is there.')
    .action(
      action(async ({ output, options }, name: string, flags: CreateFlags) => {
        const created = await withClient(options, (client) =>
          client.call('workflows.create', {
            name,
            output: flags.output === undefined ? undefined : absoluteRef(flags.output),
            bundle: flags.bundle ?? false,
            template: flags.template as 'basic',
            force: flags.force ?? false,
          }),
        );
        output.result(created, `Created ${created.type}: ${created.created}`);
        return 0;
      }),
    );
}

function addVersions(group: Command): void {
  group
    .command('versions <workflow>')
    .description('List the versions that were started, by content hash.')
    .action(
      action(async ({ output, options }, ref: string) => {
        const { versions, entry } = await withClient(options, (client) => client.call('workflows.get', { ref: absoluteRef(ref) }));
        const rows = versions.map((one) => ({ hash: one.hash, version: one.label, first_started_at: new Date(one.firstSeenAt).toISOString(), runs: one.runs }));
        const lines = rows.map((row) => [row.hash.slice(0, 12), row.version, row.first_started_at, String(row.runs)]);
        output.result({ id: entry.id, versions: rows, count: rows.length }, rows.length === 0 ? 'Never started.' : table([['Hash', 'Version', 'First started', 'Runs'], ...lines]));
        return 0;
      }),
    );
}
