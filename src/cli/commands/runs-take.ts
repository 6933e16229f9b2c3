import type { TakeChange, TakePlan } from '../../shared/contract/index.ts';
import type { FilePlace } from '../../shared/model/file-undo.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { runIdArgument } from '../values/option-values.ts';

interface TakeFlags {
  readonly path?: readonly string[];
  readonly overwrite?: boolean;
  readonly leaveChanged?: boolean;
  readonly none?: string;
  readonly hash?: string;
  readonly dryRun?: boolean;
}

/** `runs take RUN`: takes over what the steps of a run have changed in their copy of the workspace, all of it, some or nothing. */
export async function takeChanges(context: CliContext, run: string, flags: TakeFlags): Promise<ExitCode> {
  const runId = runIdArgument(run);
  if (flags.none !== undefined && (flags.path !== undefined || flags.overwrite === true || flags.leaveChanged === true))
    throw usageError("'--none' takes nothing over: it goes with '--hash' alone.");
  if (flags.overwrite === true && flags.leaveChanged === true)
    throw usageError("'--overwrite' and '--leave-changed' say the opposite of each other.");
  return withClient(context, async (client) => {
    const plan = await client.call('runs.planTake', { runId });
    if (flags.dryRun === true) {
      print(context, planJson(runId, plan), () => planText(plan));
      return EXIT.ok;
    }
    const request = requireOffered(plan, flags.hash);
    return flags.none === undefined
      ? take(context, client, { runId, plan, request, flags })
      : decline(context, client, { runId, request, reason: flags.none });
  });
}

interface Request {
  readonly id: string;
  readonly hash: string;
}

function requireOffered({ status, hash, approvalId }: TakePlan, wanted: string | undefined): Request {
  if (hash === null) throw usageError(NOT_OFFERED[status]);
  if (approvalId === null)
    throw usageError('Nobody is asked about these changes.', 'Ask for it in the inbox once somebody may approve.');
  if (wanted !== undefined && !hash.startsWith(wanted))
    throw usageError(`The changes are others by now than those of ${wanted}: their hash is ${hash}.`);
  return { id: approvalId, hash };
}

const NOT_OFFERED: Readonly<Record<TakePlan['status'], string>> = {
  none: 'This run works in no copy of the workspace.',
  working: 'The run has not ended: nothing is offered yet.',
  offered: 'Nothing is offered.',
  taken: 'It was taken over already.',
  declined: 'It was decided that nothing is taken over.',
  unchanged: 'The run has changed no files in its copy.',
  failed: 'What stands in the copy could not be read.',
};

async function take(
  context: CliContext,
  client: OpenClient,
  asked: { readonly runId: string; readonly plan: TakePlan; readonly request: Request; readonly flags: TakeFlags },
): Promise<ExitCode> {
  const { runId, plan, request, flags } = asked;
  await client.call('approvals.approve', { ...request, ...chosen(plan, flags) });
  const { act, status } = await client.call('approvals.get', { id: request.id });
  const { counts } = await client.call('runs.planTake', { runId });
  const problem = act?.problem ?? null;
  print(context, { run_id: runId, hash: request.hash, decision: status, taken: counts?.restored ?? 0, problem }, () =>
    status === 'pending'
      ? 'Approved. Others have to approve it too before it is taken over.'
      : [
          `Taken over: ${counts?.restored ?? 0}. This can be undone with 'aiworkflow runs undo ${runId}'.`,
          ...(problem === null ? [] : [`  ${context.colors.out.yellow('not all of it')}  ${oneLine(problem)}`]),
        ].join('\n'),
  );
  return problem === null ? EXIT.ok : EXIT.error;
}

async function decline(
  context: CliContext,
  client: OpenClient,
  { runId, request, reason }: { readonly runId: string; readonly request: Request; readonly reason: string },
): Promise<ExitCode> {
  if (reason.trim() === '') throw usageError("A rejection needs a reason: '--none REASON'");
  await client.call('approvals.reject', { ...request, reason });
  print(
    context,
    { run_id: runId, hash: request.hash, decision: 'rejected', taken: 0, problem: null },
    () => 'Nothing was taken over. The copy is removed.',
  );
  return EXIT.ok;
}

function chosen(
  { changes }: TakePlan,
  { path = [], overwrite, leaveChanged }: TakeFlags,
): { readonly places?: FilePlace[]; readonly overwrite?: FilePlace[] } {
  const missing = path.find((one) => !changes.some((change) => isNamed(change, [one])));
  if (missing !== undefined) throw usageError(`The run changed nothing at '${missing}'.`);
  const named = changes.filter((change) => isNamed(change, path));
  const placesOf = (all: readonly TakeChange[]): FilePlace[] => all.map(({ root, path: at }) => ({ root, path: at }));
  const isChanged = ({ state }: TakeChange): boolean => state === 'changed_since';
  const isSome = path.length > 0 || leaveChanged === true;
  return {
    ...(isSome ? { places: placesOf(named.filter((one) => !isChanged(one))) } : {}),
    ...(overwrite === true ? { overwrite: placesOf(named.filter(isChanged)) } : {}),
  };
}

const isNamed = (change: FilePlace, paths: readonly string[]): boolean =>
  paths.length === 0 ||
  paths.some((path) => change.path === path || change.path.startsWith(`${path.replace(/\/$/, '')}/`));

const planJson = (runId: string, { status, hash, approvalId, changes, problem }: TakePlan): unknown => ({
  ...{ run_id: runId, dry_run: true, status, hash, approval_id: approvalId, problem },
  changes: changes.map(({ root, path, change, state, steps, renamed }) => ({
    ...{ root, path, change, state, steps },
    renamed: renamed?.path ?? null,
  })),
});

const STATES: Readonly<Record<TakeChange['state'], string>> = {
  free: 'can be taken over',
  taken: 'is so already',
  changed_since: 'was changed since: stays as it is without --overwrite',
};

function planText({ status, hash, changes, problem }: TakePlan): string {
  if (hash === null) return [NOT_OFFERED[status], ...(problem === null ? [] : [oneLine(problem.message)])].join(' ');
  return [
    `Files that the run has changed in its copy: ${changes.length}`,
    ...changes.map((one) => `  ${one.change.padEnd(7)}  ${oneLine(one.path)}: ${STATES[one.state]}`),
    `Hash of the changes: ${hash}`,
  ].join('\n');
}
