import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { PatternBudget } from '../../shared/safe-pattern.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import type { AgentAdapter, AgentLimit, AgentReply } from '../agent-port/index.ts';
import { schemaProblems } from '../json-schema/index.ts';
import type { AgentCall, OperationTraits, Recovery, Tool, ToolCall, ToolResult } from '../tool-port/index.ts';
import { AGENT_OPERATIONS } from '../workflow/index.ts';
import type { AgentDirectory } from './agent-directory.ts';
import { AgentTalk, type TalkOptions } from './agent-talk.ts';
import { grantTools, NO_GRANT, type ToolGrant } from './grant-tools.ts';
import { type OutputShape, outputShape } from './output/output-shape.ts';
import { type ReadOutput, readOutput } from './output/read-output.ts';
import type { ProgressLimits } from './progress-brake.ts';
import { buildPrompt, buildRepairPrompt } from './prompt/build-prompt.ts';
import { gatherForPrompt } from './prompt/gather-for-prompt.ts';

/** What the tool `agent` needs beside the directory. */
export interface AgentToolOptions {
  /** Absolute path of the project: agents are given files from here. */
  readonly projectPath: string;
  /** `features.mcp_bridge`: tools through function calling. */
  readonly hasBridge: boolean;
  /** UTC ms. */
  readonly now: () => number;
  readonly progress: ProgressLimits;
}

type Call = ToolCall & { readonly agent: AgentCall };

/** Longest any agent works without being told otherwise (SPEC §1.5, command-line agents). */
const TRAITS: OperationTraits = { effect: 'idempotent', repeatable: true, timeoutMs: 1_800_000 };

/** Inputs that are words of the author (SPEC §4.1); the others may be any value. */
const TEXT_INPUTS: ReadonlySet<string> = new Set([
  ...['task', 'instructions', 'prompt', 'prompt_template', 'template', 'query', 'question', 'tone', 'analysis_depth'],
]);

/** The tool `agent` for whoever only reads a workflow: it checks, and refuses to be called. */
export const AGENT_READING: Tool = {
  name: 'agent',
  category: 'agent',
  operations: AGENT_OPERATIONS,
  wantsText: (_operation, input) => TEXT_INPUTS.has(input),
  traits: (operation) => {
    checkOperation(operation);
    return TRAITS;
  },
  check: checkInputs,
  execute: () => Promise.reject(new Error('an agent of a reading was called')),
};

/**
 * The tool `agent` (SPEC §4.1, §4.2): builds the prompt, grants tools, asks the agent that the engine chose, checks the answer and
 * asks once more when it does not meet its schema. Errors: `agent.*`, `tool.invalid_params`.
 */
export function createAgentTool(directory: AgentDirectory, options: AgentToolOptions): Tool {
  return {
    ...AGENT_READING,
    execute: (call) => execute(withAgent(call), directory, options),
    recover: (call) => recover(withAgent({ ...call, signal: NEVER, log: () => undefined }), directory, options),
  };
}

const NEVER = new AbortController().signal;

function withAgent(call: ToolCall): Call {
  const { agent } = call;
  if (agent !== undefined) return { ...call, agent };
  throw new AppError('agent.not_configured', 'No agent adapter configured', {
    hint: 'Choose an agent: aiworkflow agent set-primary NAME, or agent: in the workflow.',
  });
}

function checkOperation(operation: string): void {
  if (AGENT_OPERATIONS.includes(operation)) return;
  throw new AppError('agent.unknown_operation', `Unknown agent operation: ${operation}`, {
    hint: didYouMean(operation, AGENT_OPERATIONS) ?? `Operations: ${AGENT_OPERATIONS.join(', ')}.`,
  });
}

/** What can be seen before a run; a schema that is templated as a whole is known when the step runs. */
function checkInputs(operation: string, inputs: JsonMap, patterns?: PatternBudget): readonly Diagnostic[] {
  const { output_schema: schema } = inputs;
  if (!AGENT_OPERATIONS.includes(operation)) {
    const message = `Unknown agent operation: ${operation}`;
    return [{ severity: 'error', code: 'agent.unknown_operation', message }];
  }
  if (schema === undefined || schema === null || typeof schema === 'string') return [];
  return schemaProblems(schema, patterns).map(({ message, fix }) => ({
    severity: 'error',
    code: 'tool.invalid_params',
    message: `output_schema: ${message}`,
    fix,
  }));
}

async function execute(call: Call, directory: AgentDirectory, options: AgentToolOptions): Promise<ToolResult> {
  const { agent, inputs } = call;
  checkOperation(call.operation);
  if (inputs.render_only === true) return { output: renderedTemplate(inputs) };
  const { now, progress } = options;
  const deadline = now() + call.timeoutMs;
  const shape = outputShape(call.operation, inputs, agent.wanted);
  const { adapter } = directory.available(agent.name);
  const warnings = [...checkPermissions(adapter, agent.permissions)];
  const question = await prepare(call, adapter, shape, options);
  warnings.push(...question.warnings);
  const seat = await directory.begin(agent.name, call.signal);
  let isGood = false;
  try {
    const grant = await grantTools(call, seat.record, options.hasBridge);
    warnings.push(...grant.warnings);
    const talk = new AgentTalk(talkOptions(call, adapter, { directory, shape, now, progress, deadline }));
    const found = await converse(talk, { ...question, grant, shape, mayRepair: directory.isHealing, call });
    isGood = true;
    return { output: found.output, warnings: [...warnings, ...found.warnings] };
  } catch (thrown) {
    if (thrown instanceof AppError) directory.doubt(agent.name, thrown);
    throw thrown;
  } finally {
    seat.end(isGood);
  }
}

/** SPEC §2.4: the text that phase 2 gave, without calling anybody. */
function renderedTemplate({ template, prompt_template: promptTemplate, prompt }: JsonMap): Json {
  return template ?? promptTemplate ?? prompt ?? '';
}

interface Question {
  readonly prompt: string;
  /** The step's inputs as the demo agent reads them. */
  readonly inputs: JsonMap;
  readonly warnings: readonly StepWarning[];
}

async function prepare(
  call: Omit<Call, 'signal' | 'log'>,
  adapter: AgentAdapter,
  shape: OutputShape,
  { projectPath }: AgentToolOptions,
): Promise<Question> {
  const roots = [call.copyDir ?? projectPath, call.workDir, call.runDir].filter((root) => root !== '');
  const gathered = await gatherForPrompt(call.operation, call.inputs, { roots, toolNames: call.agent.tools.names() });
  const { files, found, warnings } = gathered;
  const prompt = buildPrompt(call.operation, call.inputs, { files, found, schema: shape.schema });
  const isDemo = adapter.kind === 'built_in';
  const inputs = isDemo
    ? { ...call.inputs, ...(found === null ? {} : { found_locally: found as unknown as Json }), ...readFiles(files) }
    : call.inputs;
  return { prompt, inputs, warnings };
}

/** Contents of files for the demo agent, which reads no prompt. */
function readFiles(files: Awaited<ReturnType<typeof gatherForPrompt>>['files']): JsonMap {
  const texts = files.flatMap(({ name, text }) => (text === null ? [] : [[name, text] as const]));
  return texts.length === 0 ? {} : { file_contents: Object.fromEntries(texts) };
}

function talkOptions(
  call: Call,
  adapter: AgentAdapter,
  more: Pick<TalkOptions, 'directory' | 'shape' | 'now' | 'deadline' | 'progress'>,
): TalkOptions {
  return { call, adapter, ...more };
}

type GoodOutput = Extract<ReadOutput, { isValid: true }>;

interface Conversation extends Question {
  readonly grant: ToolGrant;
  readonly shape: OutputShape;
  readonly mayRepair: boolean;
  readonly call: Call;
}

async function converse(talk: AgentTalk, conversation: Conversation): Promise<GoodOutput> {
  const { prompt, inputs, grant, shape, mayRepair, call } = conversation;
  const reply = await talk.ask({ ask: 1, prompt, inputs, grant });
  const first = await readOutput(reply, shape);
  if (first.isValid) return first;
  if (!mayRepair) throw invalidOutput(call.agent.name, reply, first.errors);
  call.agent.note({
    kind: 'note',
    level: 'warning',
    text: `The answer does not meet the output schema (${first.errors.join('; ')}). One repair is asked for.`,
  });
  const repair = buildRepairPrompt(prompt, answerText(reply), first.errors);
  const repaired = await talk.ask({ ask: 2, prompt: repair, inputs, grant: NO_GRANT });
  const second = await readOutput(repaired, shape);
  if (second.isValid) return second;
  throw invalidOutput(call.agent.name, repaired, second.errors);
}

const answerText = (reply: AgentReply): string =>
  reply.structured === undefined ? reply.text : JSON.stringify(reply.structured, null, 2);

function invalidOutput(agent: string, reply: AgentReply, errors: readonly string[]): AppError {
  return new AppError(
    'agent.invalid_output',
    `The answer of ${agent} does not meet the output schema: ${errors.join('; ')}`,
    {
      hint: 'Make output_schema or the task of the step plainer, or use another agent.',
      details: { errors, answer: answerText(reply).slice(0, 2_000) },
    },
  );
}

/** SPEC §3.8: the answer that an agent's process gave while no engine was there; repaired only if it also gave that answer. */
async function recover(call: Call, directory: AgentDirectory, options: AgentToolOptions): Promise<Recovery> {
  const { agent, inputs } = call;
  const { adapter } = directory.available(agent.name);
  if (adapter.recover === undefined || inputs.render_only === true) return { kind: 'unknown' };
  const shape = outputShape(call.operation, inputs, agent.wanted);
  const question = await prepare(call, adapter, shape, options);
  const { now, progress } = options;
  const deadline = now() + call.timeoutMs;
  const talk = new AgentTalk(talkOptions(call, adapter, { directory, shape, now, progress, deadline }));
  try {
    let found: ReadOutput | null = null;
    let last: AgentReply | null = null;
    for (const ask of [1, 2] as const) {
      const reply = await talk.recover({ ask, prompt: question.prompt, inputs: question.inputs, grant: NO_GRANT });
      if (reply === null) break;
      last = reply;
      found = await readOutput(reply, shape);
      if (found.isValid) return { kind: 'completed', result: { output: found.output, warnings: found.warnings } };
    }
    if (found === null || last === null || found.isValid) return { kind: 'unknown' };
    return { kind: 'failed', error: invalidOutput(agent.name, last, found.errors) };
  } catch (thrown) {
    if (thrown instanceof AppError) return { kind: 'failed', error: thrown };
    throw thrown;
  }
}

const LIMITS: readonly AgentLimit[] = ['read', 'write', 'commands', 'hosts', 'env'];

/**
 * SPEC §1.5 `permissions`: a limit that the agent cannot hold is `agent.permission_unenforceable`, with `enforce: best_effort` a
 * warning.
 */
function checkPermissions(
  adapter: Pick<AgentAdapter, 'name' | 'enforces'>,
  permissions: JsonMap | null,
): readonly StepWarning[] {
  if (permissions === null) return [];
  const weak = LIMITS.filter((limit) => Object.hasOwn(permissions, limit) && !adapter.enforces.includes(limit));
  if (weak.length === 0) return [];
  const message = `The agent ${adapter.name} cannot hold the limit of permissions: ${weak.join(', ')}`;
  if (permissions.enforce === 'best_effort') return [{ code: 'agent.permission_unenforceable', message }];
  throw new AppError('agent.permission_unenforceable', `${message}.`, {
    hint: 'Use an agent that holds it, or write enforce: best_effort under permissions.',
    details: { agent: adapter.name, limits: weak },
  });
}
