import type { RunView } from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { sentencesOf } from '../../shared/model/diagnostic.ts';
import type { OpenClient } from '../context.ts';
import { followRun } from '../live/follow-run.ts';
import { type WorkflowTool, wrongOutputs } from './workflow-tools.ts';

/** What a tool of MCP answers. */
export interface ToolAnswer {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: JsonMap;
  readonly isError?: boolean;
}

/** How a call is followed by whoever made it. */
export interface CallPorts {
  /** Steps that have ended, of how many. */
  readonly onProgress: (done: number, total: number, message: string) => void;
  /** Aborted when the client calls it off: the run is cancelled. */
  readonly signal: AbortSignal;
}

/** Runs a workflow to where it rests. It runs with the rights of whoever started the server, and asks for what those have to ask for. */
export async function callWorkflow(
  client: OpenClient,
  tool: WorkflowTool,
  inputs: JsonMap,
  { onProgress, signal }: CallPorts,
): Promise<ToolAnswer> {
  let runId: string | null = null;
  const cancel = (): void => {
    // It may have ended in between: then there is nothing to cancel.
    if (runId !== null) client.call('runs.cancel', { runId }).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  let most = -1;
  try {
    const view = await followRun(
      client,
      async () => {
        signal.throwIfAborted();
        ({ runId } = await client.call('runs.start', { workflow: tool.ref, inputs }));
        if (signal.aborted) cancel();
        return runId;
      },
      {
        changed: ({ run }) => {
          const done = run.stepsSucceeded + run.stepsFailed + run.stepsSkipped;
          if (done <= most) return;
          most = done;
          onProgress(done, run.stepsTotal, run.currentStep ?? run.workflowName);
        },
        logged: () => undefined,
      },
    );
    return answerOf(view, tool);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'approval.needed') throw thrown;
    const asked = await client.call('approvals.request', { asked: { kind: 'run', workflow: tool.ref, inputs } });
    return answer(
      { status: 'waiting', request_id: asked.id },
      `Nothing ran yet: a person has to approve this start first (request ${asked.id}).`,
    );
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** How a run stands now, for one that rested when its tool answered. */
export async function lookAtRun(client: OpenClient, runId: string): Promise<ToolAnswer> {
  return answerOf(await client.call('runs.get', { runId }), null);
}

/** An error as words for a model: what is wrong and what to do. */
export function refusal(thrown: unknown): ToolAnswer {
  const { code, message, hint } = toErrorRecord(thrown);
  const text = sentencesOf({ message, ...(hint === undefined ? {} : { fix: hint }) });
  return { content: [{ type: 'text', text: `${text} (${code})` }], isError: true };
}

function answerOf({ run, outputs }: RunView, tool: WorkflowTool | null): ToolAnswer {
  const value: JsonMap = { run_id: run.runId, status: run.status, outcome: run.outcome, outputs };
  const words = wordsOf(run);
  if (run.status === 'failed' || run.status === 'cancelled')
    return { content: [{ type: 'text', text: `${words}\n${JSON.stringify(value)}` }], isError: true };
  const wrong = tool === null ? [] : wrongOutputs(outputs, tool.outputs);
  if (wrong.length === 0) return answer(value, words);
  const said = `${words} These outputs are of another type than declared: ${wrong.join(', ')}.`;
  return { content: [{ type: 'text', text: `${said}\n${JSON.stringify(value)}` }], isError: true };
}

/** Some clients show the words, others the value alone: it says them too. */
const answer = (value: JsonMap, message: string): ToolAnswer => ({
  content: [{ type: 'text', text: `${message}\n${JSON.stringify(value)}` }],
  structuredContent: { ...value, message },
});

function wordsOf({ status, workflowName, runId, error, waitsFor }: RunView['run']): string {
  if (status === 'completed') return `${workflowName} completed.`;
  const why = error === null ? '' : ` ${sentencesOf({ message: error.message })} (${error.code})`;
  if (status === 'failed' || status === 'cancelled') return `${workflowName} ${status}.${why}`;
  const until = waitsFor === 'approval' ? 'a person has to decide' : 'it goes on by itself or when a person says so';
  return `${workflowName} rests (${status}): ${until}.${why} Look at run ${runId} later.`;
}
