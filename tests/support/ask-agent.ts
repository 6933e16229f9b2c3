import type { AgentAdapter, AgentReply, AgentRequest, EndedCall } from '../../src/core/agent-port/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { ConversationItem } from '../../src/shared/model/agent.ts';

/** An agent that can be asked, and what it needs of a request. */
export interface AskableCase {
  readonly adapter: AgentAdapter;
  readonly request?: Partial<AgentRequest>;
}

/** A question on its way. */
export interface Asked {
  readonly reply: Promise<AgentReply>;
  readonly notes: readonly ConversationItem[];
  /** What it put on record, call by call. */
  readonly calls: readonly EndedCall[];
  readonly stop: AbortController;
  /** All pieces of one kind. */
  said(kind: 'text' | 'thinking'): string;
  isOver(): boolean;
  /** What it failed with. */
  failure(): Promise<AppError>;
}

/** Asks the agent of a case; all that it says, gives and fails with goes into `seen`. */
export function askCase(one: AskableCase, changes: Partial<AgentRequest> = {}, seen: unknown[] = []): Asked {
  const stop = new AbortController();
  const notes: ConversationItem[] = [];
  const calls: EndedCall[] = [];
  const request = requestOf(one, { signal: stop.signal, ...changes }, seen);
  let isOver = false;
  const reply = one.adapter
    .ask({
      ...request,
      note: (item) => {
        notes.push(item);
        request.note(item);
      },
      callEnded: async (call) => {
        calls.push(call);
        await request.callEnded(call);
      },
    })
    .then(
      (value) => {
        seen.push(value);
        return value;
      },
      (thrown: unknown) => {
        seen.push(thrown instanceof AppError ? thrown.toRecord() : String(thrown));
        throw thrown;
      },
    )
    .finally(() => {
      isOver = true;
    });
  reply.catch(() => undefined);
  return {
    reply,
    notes,
    calls,
    stop,
    isOver: () => isOver,
    said: (kind) => notes.map((item) => (item.kind === kind ? item.text : '')).join(''),
    failure: () =>
      reply.then(
        (value) => Promise.reject(new Error(`it answered: ${JSON.stringify(value)}`)),
        (thrown: unknown) => (thrown instanceof AppError ? thrown : Promise.reject(thrown)),
      ),
  };
}

/** A request with everything that a case and a test do not care about. */
export function requestOf(
  one: Pick<AskableCase, 'request'>,
  changes: Partial<AgentRequest>,
  seen: unknown[],
): AgentRequest {
  return {
    runId: 'run_conformance',
    path: 'steps[0]',
    attempt: 1,
    ask: 1,
    stepKey: 'a'.repeat(64),
    operation: 'analyze',
    inputs: { task: 'Analyse it.' },
    prompt: 'Analyse it.',
    model: null,
    schema: null,
    maxTokens: null,
    tools: [],
    mcpServers: [],
    permissions: null,
    workDir: process.cwd(),
    runDir: process.cwd(),
    env: {},
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    note: (item) => seen.push(item),
    maxBudgetUsd: null,
    used: () => undefined,
    callBegins: async () => ({ release: () => undefined }),
    callEnded: async ({ error, ...call }) => void seen.push({ ...call, error: error?.toRecord() ?? null }),
    callTool: async (tool) => ({ text: `no tool ${tool}`, isError: true }),
    ...one.request,
    ...changes,
  };
}
