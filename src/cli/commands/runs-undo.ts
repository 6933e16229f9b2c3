import type { FileUndoPlan } from '../../shared/contract/index.ts';
import type { FileChange, FilePlace } from '../../shared/model/file-undo.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { runIdArgument } from '../values/option-values.ts';

interface UndoFlags {
  readonly path?: readonly string[];
  readonly overwrite?: boolean;
  readonly back?: string;
  readonly dryRun?: boolean;
}

/** `runs undo RUN`: puts files back as they were before the run. */
export async function undoRun(context: CliContext, run: string, flags: UndoFlags): Promise<ExitCode> {
  const runId = runIdArgument(run);
  if (flags.back !== undefined && (flags.path !== undefined || flags.overwrite === true || flags.dryRun === true))
    throw usageError("'--back' takes back a whole undo: it goes with no other option.");
  return withClient(context, async (client) => {
    if (flags.dryRun === true) {
      const plan = await client.call('runs.planUndo', { runId });
      print(context, planJson(runId, plan), () => planText(plan, flags));
      return EXIT.ok;
    }
    const choice =
      flags.back === undefined ? chosen(await client.call('runs.planUndo', { runId }), flags) : { undoes: flags.back };
    const { name, problems, ...counts } = await client.call('runs.undo', { runId, ...choice });
    print(context, { run_id: runId, undo: name, ...counts, problems }, () =>
      [
        `Put back: ${counts.restored}. This can be taken back with 'aiworkflow runs undo ${runId} --back ${name}'.`,
        ...problems.map(
          ({ path, reason }) => `  ${context.colors.out.yellow('left as it is')}  ${oneLine(path)}: ${oneLine(reason)}`,
        ),
      ].join('\n'),
    );
    return problems.length === 0 ? EXIT.ok : EXIT.error;
  });
}

function chosen(
  { changes }: FileUndoPlan,
  { path = [], overwrite }: UndoFlags,
): { readonly places?: FilePlace[]; readonly overwrite?: FilePlace[] } {
  const named = changes.filter((change) => isNamed(change, path));
  const missing = path.find((one) => !changes.some((change) => isNamed(change, [one])));
  if (missing !== undefined) throw usageError(`The run changed nothing at '${missing}'.`);
  const placesOf = (all: readonly FileChange[]): FilePlace[] => all.map(({ root, path: at }) => ({ root, path: at }));
  return {
    ...(path.length === 0 ? {} : { places: placesOf(named) }),
    ...(overwrite === true ? { overwrite: placesOf(named.filter(({ state }) => state === 'changed_since')) } : {}),
  };
}

const isNamed = (change: FilePlace, paths: readonly string[]): boolean =>
  paths.length === 0 ||
  paths.some((path) => change.path === path || change.path.startsWith(`${path.replace(/\/$/, '')}/`));

const planJson = (runId: string, { changes, gaps, undos }: FileUndoPlan): unknown => ({
  run_id: runId,
  dry_run: true,
  changes: changes.map(({ root, path, change, state, steps, renamed }) => ({
    ...{ root, path, change, state, steps },
    renamed: renamed?.path ?? null,
  })),
  gaps: gaps.map(({ step, error }) => ({ step, error })),
  undos: undos.map(({ name, at, by, undoes, counts }) => ({
    name,
    at: new Date(at).toISOString(),
    by,
    undoes,
    ...counts,
  })),
});

const STATES: Readonly<Record<FileChange['state'], string>> = {
  undoable: 'can be put back',
  undone: 'is as it was before the run',
  changed_since: 'was changed since: stays as it is without --overwrite',
};

const renamedText = ({ change, renamed }: FileChange): string =>
  renamed === null ? '' : ` (${change === 'added' ? 'renamed from' : 'renamed to'} ${oneLine(renamed.path)})`;

function planText({ isCovered, changes, gaps }: FileUndoPlan, { path = [] }: UndoFlags): string {
  if (!isCovered) return "No step of this run says under 'workspace' what undo covers.";
  const shown = changes.filter((change) => isNamed(change, path));
  return [
    shown.length === 0
      ? 'The run has changed no files that undo covers.'
      : `Files that the run has changed: ${shown.length}`,
    ...shown.map((one) => `  ${one.change.padEnd(7)}  ${oneLine(one.path)}${renamedText(one)}: ${STATES[one.state]}`),
    ...gaps.map(({ step, error }) => `  not undoable  ${oneLine(step)}: ${oneLine(error.message)}`),
    "Others may have written while a step ran: that counts as the step's.",
  ].join('\n');
}
