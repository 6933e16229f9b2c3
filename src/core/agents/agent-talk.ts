import { fromE10, toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { ConversationItem, FunctionTool, TokenUsage } from '../../shared/model/agent.ts';
import type { AgentAdapter, AgentReply, AgentRequest, EndedCall, ModelShare } from '../agent-port/index.ts';
import type { AgentCall, HeldCost, ToolCall } from '../tool-port/index.ts';
import type { AgentDirectory } from './agent-directory.ts';
import type { ToolGrant } from './grant-tools.ts';
import { withBigNumbers } from './output/big-integers.ts';
import type { OutputShape } from './output/output-shape.ts';
import { createThoughtStream } from './output/thought-stream.ts';
import { withoutThoughts } from './output/thoughts.ts';
import { validateArguments } from './output/validate-value.ts';
import { ProgressBrake, type ProgressLimits } from './progress-brake.ts';
import { estimateTokens, estimateUsage } from './token-estimate.ts';

export interface TalkOptions {
  readonly call: ToolCall & { readonly agent: AgentCall };
  readonly adapter: AgentAdapter;
  readonly directory: AgentDirectory;
  readonly shape: OutputShape;
  /** UTC ms. */
  readonly now: () => number;
  /** When the attempt ends for real, UTC ms. */
  readonly deadline: number;
  readonly progress: ProgressLimits;
}

/** One question of an attempt. */
export interface Asked {
  /** 1 = the step's own, 2 = the repair. */
  readonly ask: 1 | 2;
  readonly prompt: string;
  readonly inputs: JsonMap;
  readonly grant: ToolGrant;
}

/** Failures of which it is certain that no model was called. */
const NOTHING_ASKED: ReadonlySet<string> = new Set([
  'agent.not_installed',
  'agent.not_configured',
  'agent.not_logged_in',
  'agent.not_found',
  'agent.unhealthy',
]);
/** Failures of which the model has at least read the question. */
const QUESTION_READ: ReadonlySet<string> = new Set([
  'agent.timed_out',
  'agent.silent',
  'agent.invalid_reply',
  'agent.output_too_large',
  'run.cancelled',
]);
/** What an answer is held to take where the step names no `max_tokens`. */
const USUAL_MAX_TOKENS = 4096;
/** Text of a tool that a model is shown. */
const MAX_TOOL_TEXT = 200 * 1024;

/** The talk between a step and its agent: each question noted, timed, and its spending reported, however it ends. */
export class AgentTalk {
  readonly #options: TalkOptions;
  readonly #brake: ProgressBrake;
  /** Ends an agent that makes its calls itself; its reason is why. */
  readonly #stop = new AbortController();

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#brake = new ProgressBrake(options.adapter.name, options.progress);
  }

  /** Asks the agent. Rejects with what its adapter says; what was spent is on record by then. */
  async ask(asked: Asked): Promise<AgentReply> {
    const { adapter } = this.#options;
    const request = this.#request(asked);
    if (adapter.reportsCalls) return this.#ask(request, asked.prompt);
    const held = await this.#reserve(request.model ?? adapter.defaultModel, asked.prompt.length, request.maxTokens);
    const { leftUsd } = held;
    const meter = this.#meterOf(leftUsd);
    const reply = this.#ask({ ...request, maxBudgetUsd: leftUsd, used: meter }, asked.prompt).finally(held.release);
    return reply.catch((thrown: unknown) => {
      const isStopped = this.#stop.signal.aborted && !this.#options.call.signal.aborted;
      const why: unknown = isStopped ? this.#stop.signal.reason : thrown;
      // It has kept to what was left of a limit: that is what the step failed for.
      throw why instanceof AppError && why.code === 'agent.budget_spent' ? (held.whenSpent?.() ?? why) : why;
    });
  }

  /** Hears what a question has spent so far: limits warn meanwhile, and an agent that does not keep to a budget by itself is ended at it. */
  #meterOf(leftUsd: string | null): AgentRequest['used'] {
    const { adapter, call } = this.#options;
    let before = 0;
    return (soFar) => {
      const cost = call.agent.meter(soFar);
      if (cost === null) return;
      this.#brake.noteCost(fromE10(Math.max(0, toE10(cost) - before)));
      before = toE10(cost);
      const isOver = adapter.takesBudget !== true && leftUsd !== null && toE10(cost) >= toE10(leftUsd);
      const stopped = isOver ? budgetSpent(adapter.name, cost, leftUsd) : this.#brake.stop();
      if (stopped !== null) this.#stop.abort(stopped);
    };
  }

  /** Holds what a call may cost at most (SPEC §11). */
  #reserve(model: string | null, sentChars: number, maxTokens: number | null): Promise<HeldCost> {
    const { adapter, call } = this.#options;
    return call.agent.reserve({
      model,
      inputTokens: estimateTokens(sentChars),
      outputTokens: maxTokens ?? USUAL_MAX_TOKENS,
      isManyCalls: adapter.kind === 'cli',
      takesBudget: adapter.takesBudget === true,
    });
  }

  async #ask(request: AgentRequest, prompt: string): Promise<AgentReply> {
    const { adapter, call, now } = this.#options;
    call.agent.note({ kind: 'prompt', text: prompt, model: request.model ?? adapter.defaultModel });
    if (adapter.kind === 'built_in')
      call.log('log', `${adapter.name}: this answer is made of the step's own data, by no model`);
    const startedAt = now();
    const { note, end } = tellApart(request.note);
    const reply = await adapter
      .ask({ ...request, note })
      .finally(end)
      .catch(async (thrown: unknown) => {
        await this.#reportFailure(thrown, request, now() - startedAt);
        throw thrown;
      });
    await this.#report(reply, prompt, now() - startedAt);
    return this.#answerOf(reply);
  }

  /** The answer that an earlier engine asked for; null = nobody knows it. */
  async recover(asked: Asked): Promise<AgentReply | null> {
    const { adapter } = this.#options;
    const { signal: _signal, callTool: _callTool, ...request } = this.#request(asked);
    const { note, end } = tellApart(request.note);
    const reply = (await adapter.recover?.({ ...request, note }).finally(end)) ?? null;
    if (reply === null) return null;
    await this.#report(reply, asked.prompt, 0);
    return this.#answerOf(reply);
  }

  /** The answer alone: thoughts were conversation. Nothing at all is no answer (SPEC §3.3, §4.2). */
  #answerOf(reply: AgentReply): AgentReply {
    const text = withoutThoughts(reply.text);
    if (text.trim() !== '' || reply.structured !== undefined) return { ...reply, text };
    const { name } = this.#options.adapter;
    const what = reply.text.trim() === '' ? 'an empty answer' : 'its thoughts, but no answer';
    throw new AppError('agent.invalid_reply', `'${name}' gave ${what}.`, {
      hint: 'Try again, or give the model a higher limit of tokens.',
    });
  }

  #request(asked: Asked): AgentRequest {
    const { call, shape, deadline, now } = this.#options;
    return {
      runId: call.runId,
      path: call.path,
      attempt: call.attempt,
      ask: asked.ask,
      stepKey: call.stepKey,
      operation: call.operation,
      inputs: asked.inputs,
      prompt: asked.prompt,
      model: call.agent.model,
      schema: shape.schema,
      maxTokens: tokenLimit(asked.inputs),
      tools: asked.grant.functions,
      mcpServers: asked.grant.servers,
      permissions: call.agent.permissions,
      workDir: call.copyDir ?? call.workDir,
      runDir: call.runDir,
      env: call.env,
      timeoutMs: Math.max(1, deadline - now()),
      signal: AbortSignal.any([call.signal, this.#stop.signal]),
      note: (item) => this.#note(item),
      maxBudgetUsd: null,
      used: () => undefined,
      callBegins: ({ model, sentChars }) => {
        const stopped = this.#brake.stop();
        return stopped === null ? this.#reserve(model, sentChars, tokenLimit(asked.inputs)) : Promise.reject(stopped);
      },
      callEnded: (ended) => this.#reportCall(ended),
      callTool: (name, input) => this.#callTool(asked.grant.functions, name, input),
    };
  }

  /** What an agent with calls of its own says shows how far it gets. */
  #note(item: ConversationItem): void {
    this.#options.call.agent.note(item);
    if (this.#options.adapter.reportsCalls || item.kind !== 'tool_result') return;
    this.#brake.noteTurn();
    this.#brake.noteResult(item.text);
    const stopped = this.#brake.stop();
    if (stopped !== null) this.#stop.abort(stopped);
  }

  /** One of several calls of a question. */
  async #reportCall({ model, usage, sentChars, saidChars, durationMs, error }: EndedCall): Promise<void> {
    if (error !== null && NOTHING_ASKED.has(error.code)) return;
    const isRead = error === null || QUESTION_READ.has(error.code) || saidChars > 0;
    const spent = usage ?? estimateUsage(isRead ? sentChars : 0, saidChars);
    this.#brake.noteTurn();
    this.#brake.noteCost(
      await this.#options.call.agent.spent({ model, usage: spent, reportedCost: null, durationMs, error }),
    );
  }

  async #report(reply: AgentReply, prompt: string, durationMs: number): Promise<void> {
    const { call, adapter } = this.#options;
    if (adapter.reportsCalls) return;
    const said = reply.text === '' ? JSON.stringify(reply.structured ?? '') : reply.text;
    const usage = reply.usage ?? estimateUsage(prompt.length, said.length);
    const { model, reportedCost } = reply;
    const shares = reply.shares ?? [{ model, usage, reportedCost }];
    // The time is that of the whole question: it counts once.
    for (const [at, share] of shares.entries())
      await call.agent.spent({ ...share, durationMs: at === 0 ? durationMs : 0, error: null });
  }

  async #reportFailure(thrown: unknown, request: AgentRequest, durationMs: number): Promise<void> {
    if (!(thrown instanceof AppError) || NOTHING_ASKED.has(thrown.code)) return;
    const { call, adapter } = this.#options;
    if (adapter.reportsCalls) return;
    const said = (thrown.details ?? {}) as SpentDetails;
    const isRead = QUESTION_READ.has(thrown.code);
    const usage = said.usage ?? estimateUsage(isRead ? request.prompt.length : 0, 0);
    const model = said.model ?? request.model ?? adapter.defaultModel;
    const shares = said.shares ?? [{ model, usage, reportedCost: said.reported_cost ?? null }];
    for (const [at, share] of shares.entries())
      await call.agent.spent({ ...share, durationMs: at === 0 ? durationMs : 0, error: thrown });
  }

  /** Runs what a model asks for, if the step grants it and the arguments are those of the function; else the model hears why not. */
  async #callTool(
    granted: readonly FunctionTool[],
    name: string,
    input: JsonMap,
  ): Promise<{ readonly text: string; readonly isError: boolean }> {
    const { agent, signal } = this.#options.call;
    const refuse = (text: string): { readonly text: string; readonly isError: boolean } => ({ text, isError: true });
    const tool = granted.find((one) => one.name === name);
    if (tool === undefined) {
      const text = `tool.denied: The tool '${name.slice(0, 200)}' is not granted to this step.`;
      agent.note({ kind: 'note', level: 'warning', text });
      return refuse(text);
    }
    const problems = await argumentProblems(tool.parameters, input);
    if (problems.length > 0) return refuse(`tool.invalid_params: ${problems.join('; ')}`);
    try {
      const { output } = await agent.callTool(name, input);
      const text = typeof output === 'string' ? output : JSON.stringify(output);
      this.#brake.noteResult(text);
      return { text: cut(text), isError: false };
    } catch (thrown) {
      if (!(thrown instanceof AppError) || signal.aborted || ENDS_THE_STEP.has(thrown.code)) throw thrown;
      return refuse(cut(`${thrown.code}: ${thrown.message}`));
    }
  }
}

/** What is no answer for a model: its step ends here. */
const ENDS_THE_STEP: ReadonlySet<string> = new Set(['run.cancelled', 'run.left_plan']);

const budgetSpent = (agent: string, cost: string, leftUsd: string): AppError =>
  new AppError(
    'agent.budget_spent',
    `The agent ${agent} was stopped at its budget: it has spent $${cost} of $${leftUsd}.`,
    {
      details: { agent },
    },
  );

/** What the error of an adapter says of what was spent. */
interface SpentDetails {
  readonly model?: string | null;
  readonly usage?: TokenUsage;
  readonly reported_cost?: string;
  readonly shares?: readonly ModelShare[];
}

const tokenLimit = ({ max_tokens: tokens }: JsonMap): number | null =>
  typeof tokens === 'number' && tokens > 0 ? Math.floor(tokens) : null;

/** Integers whose digits were kept as text are integers for a tool all the same. */
async function argumentProblems(parameters: JsonMap, input: JsonMap): Promise<readonly string[]> {
  const problems = await validateArguments(parameters, input);
  if (problems.length === 0) return problems;
  return (await validateArguments(parameters, withBigNumbers(input))).length === 0 ? [] : problems;
}

/** Thoughts that a model writes into its text are shown as thoughts, whatever agent it speaks through. */
function tellApart(note: AgentRequest['note']): { readonly note: AgentRequest['note']; readonly end: () => void } {
  let stream = createThoughtStream();
  const end = (): void => {
    for (const piece of stream.end()) note(piece);
    stream = createThoughtStream();
  };
  return {
    note: (item) => {
      if (item.kind === 'text') for (const piece of stream.push(item.text)) note(piece);
      else {
        // Whatever else happens ends what was said before it.
        end();
        note(item);
      }
    },
    end,
  };
}

const cut = (text: string): string =>
  text.length <= MAX_TOOL_TEXT ? text : `${text.slice(0, MAX_TOOL_TEXT)}\n[cut: ${grouped(text.length)} characters]`;
