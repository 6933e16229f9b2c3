import type { ApprovalDetail, RunView } from '../../shared/contract/index.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOfRun } from '../exit-codes.ts';
import { conductRun } from '../live/conduct-run.ts';
import { runReportText } from '../live/run-report.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { integerOption } from '../values/option-values.ts';
import { detailJson, readRequest } from './approvals-reading.ts';

type Decide = (client: OpenClient, request: ApprovalDetail) => Promise<{ readonly runId: string | null }>;

/** Decides and stays with the run until it rests the next time: whoever approves here drives it. */
async function decideAndStay(context: CliContext, id: string, decide: Decide): Promise<ExitCode> {
  return withClient(context, async (client) => {
    const request = await readRequest(client, id);
    if (request.act !== null) return decideAct(context, client, request, decide);
    const view = await conductRun(context, client, async () => (await decide(client, request)).runId ?? request.id);
    const detail = await client.call('approvals.get', { id: request.id });
    return tellRun(context, client, { view, detail });
  });
}

/** The same about what a person has asked for: a run that was started by it is stayed with too. */
async function decideAct(
  context: CliContext,
  client: OpenClient,
  request: ApprovalDetail,
  decide: Decide,
): Promise<ExitCode> {
  const { runId } = await decide(client, request);
  // The run that asked has ended: nobody stays with it.
  const view =
    runId === null || request.act?.kind === 'changes' ? null : await conductRun(context, client, async () => runId);
  const detail = await client.call('approvals.get', { id: request.id });
  if (view !== null) return tellRun(context, client, { view, detail });
  print(context, detailJson(detail), () => actText(detail));
  return detail.act?.outcome === 'failed' ? EXIT.error : EXIT.ok;
}

async function tellRun(
  context: CliContext,
  client: OpenClient,
  { view, detail }: { readonly view: RunView; readonly detail: ApprovalDetail },
): Promise<ExitCode> {
  const result = await client.call('runs.result', { runId: view.run.runId });
  print(context, { ...detailJson(detail), run: result }, () => runReportText(view, result, context));
  return exitCodeOfRun(view.run, { allowPartial: true, isInterrupted: context.interrupts.isInterrupted });
}

function actText({ title, status, approvals, minApprovals, act }: ApprovalDetail): string {
  if (status === 'pending') return `${title}: ${approvals.length} of ${minApprovals} approved.`;
  if (act?.outcome === 'failed') return `${title}: approved, but it could not be done. ${act.problem ?? ''}`.trim();
  return `${title}: ${status}${act?.outcome === 'done' ? ' and done' : ''}.`;
}

/** `approvals approve ID [--comment C] [--read 1,2]`: the serious findings of a bundle are said to be read by their numbers. */
export async function approveRequest(
  context: CliContext,
  id: string,
  { comment = '', read = [] }: { readonly comment?: string; readonly read?: readonly string[] },
): Promise<ExitCode> {
  const numbers = read
    .flatMap((text) => text.split(','))
    .map((text) => integerOption('--read', text, { min: 1, max: 5000 }));
  return decideAndStay(context, id, (client, { id, hash, act }) =>
    client.call('approvals.approve', { id, hash, comment, read: numbers.map((number) => readFinding(act, number)) }),
  );
}

function readFinding(act: ApprovalDetail['act'], number: number): string {
  const finding = act?.findings[number - 1];
  if (finding !== undefined) return finding.id;
  throw usageError(`There is no finding ${number}`, "See them with 'aiworkflow approvals show'.");
}

/** `approvals reject ID --reason R`: a rejection that the workflow takes as a failure is no error of this command. */
export async function rejectRequest(
  context: CliContext,
  id: string,
  flags: { readonly reason?: string },
): Promise<ExitCode> {
  const { reason = '' } = flags;
  if (reason.trim() === '') throw usageError("A rejection needs a reason: '--reason TEXT'");
  const exitCode = await decideAndStay(context, id, (client, request) =>
    client.call('approvals.reject', { id: request.id, hash: request.hash, reason }),
  );
  return exitCode === EXIT.error ? EXIT.ok : exitCode;
}

/** `approvals revise ID --comment C`. */
export async function reviseRequest(
  context: CliContext,
  id: string,
  flags: { readonly comment?: string },
): Promise<ExitCode> {
  const { comment = '' } = flags;
  if (comment.trim() === '') throw usageError("Say what should be different: '--comment TEXT'");
  return decideAndStay(context, id, (client, request) =>
    client.call('approvals.revise', { id: request.id, hash: request.hash, comment }),
  );
}

/** `approvals delegate ID --to USER [--comment C]`: nothing is decided by it. */
export async function delegateRequest(
  context: CliContext,
  id: string,
  { to, comment = '' }: { readonly to: string; readonly comment?: string },
): Promise<ExitCode> {
  const detail = await withClient(context, async (client) => {
    const request = await readRequest(client, id);
    await client.call('approvals.delegate', { id: request.id, hash: request.hash, to, comment });
    return client.call('approvals.get', { id: request.id });
  });
  print(context, detailJson(detail), () => `Handed to ${to}: ${detail.title}`);
  return EXIT.ok;
}

/** `approvals cancel ID`. */
export async function cancelRequest(context: CliContext, id: string): Promise<ExitCode> {
  const exitCode = await decideAndStay(context, id, (client, request) =>
    client.call('approvals.cancel', { id: request.id }),
  );
  return exitCode === EXIT.error ? EXIT.ok : exitCode;
}
