import { AppError } from '../../../shared/errors.ts';
import { grouped } from '../../../shared/grouped.ts';
import type { AgentReply, AgentRequest } from '../../agent-port/index.ts';
import { firstBytesOf } from '../../streams/index.ts';
import type { FunctionNames } from './function-names.ts';
import type { CallResult, Dialogue, ModelTurn, WantedCall } from './provider.ts';

/** SPEC §4.4: so many answers of the model belong to one question at most. */
export const MAX_TURNS = 25;
/** Function calls of one answer; those above it are refused. */
export const MAX_CALLS_A_TURN = 32;
/** What a tool says is cut for the model, bytes. */
const MAX_RESULT_BYTES = 200 * 1024;
/** Of a call that is denied. */
const SHOWN_NAME_CHARS = 80;
const SHOWN_INPUT_CHARS = 2000;

type LoopReply = Pick<AgentReply, 'text' | 'structured' | 'notices' | 'model'>;

export interface ToolLoop {
  readonly agent: string;
  readonly request: AgentRequest;
  readonly names: FunctionNames;
  readonly dialogue: Dialogue;
  readonly askModel: (dialogue: Dialogue) => Promise<ModelTurn>;
}

/**
 * Asks the model, runs the functions that it calls, in order, and asks again until it answers without a call. A function that was not
 * granted, or whose arguments cannot be read, is never run: the model is told why. Only real calls count, whatever the model's text
 * says. Errors: `agent.turn_limit`, `agent.failed` (the model refuses), `agent.invalid_reply` (it says nothing), and what asking or
 * a cancelled run throws.
 */
export async function runToolLoop(loop: ToolLoop): Promise<LoopReply> {
  for (let count = 1; count <= MAX_TURNS; count += 1) {
    const turn = await loop.askModel(loop.dialogue);
    if (turn.stop === 'refused') throw refused(loop.agent, turn.text);
    if (turn.calls.length > 0) {
      // Results that no further answer could read would only have effects.
      if (count < MAX_TURNS) loop.dialogue.addTurn(turn, await runCalls(loop, turn.calls, count));
    } else if (count === MAX_TURNS || !loop.dialogue.wantsClosing(turn)) return finish(loop, turn);
  }
  throw new AppError('agent.turn_limit', `The agent '${loop.agent}' still calls tools after ${MAX_TURNS} turns.`, {
    hint: 'Split the task into several steps, or give the agent fewer tools.',
    details: { turns: MAX_TURNS },
  });
}

function finish({ agent, request }: ToolLoop, turn: ModelTurn): LoopReply {
  const { structured, notices, model } = turn;
  // Half a letter could not be stored as it is.
  const text = turn.text.toWellFormed();
  if (text.trim() === '' && structured === undefined) {
    throw new AppError('agent.invalid_reply', `'${agent}' gave an empty answer.`, {
      hint: 'Try again, or give the model a higher limit of tokens.',
    });
  }
  if (turn.stop === 'cut') {
    request.note({
      kind: 'note',
      level: 'warning',
      text: 'The answer was cut off at its limit of tokens (max_tokens).',
    });
  }
  return { text, model, ...(structured === undefined ? {} : { structured, notices }) };
}

const refused = (agent: string, text: string): AppError =>
  new AppError(
    'agent.failed',
    `The model of '${agent}' refuses to answer${text === '' ? '.' : `: ${text.slice(0, 300)}`}`,
    {
      hint: 'Change the task, or use another model.',
      retryable: false,
    },
  );

async function runCalls(loop: ToolLoop, calls: readonly WantedCall[], turn: number): Promise<readonly CallResult[]> {
  const results: CallResult[] = [];
  for (const [place, call] of calls.slice(0, MAX_CALLS_A_TURN).entries()) {
    // Models use an id twice, or none at all: the conversation has its own.
    const id = `call-${turn}-${place + 1}`;
    results.push({ ...(await runCall(loop, call, id)), call });
  }
  const others = calls.slice(MAX_CALLS_A_TURN);
  if (others.length === 0) return results;
  const text = `Only ${MAX_CALLS_A_TURN} tool calls of one answer are run; ${others.length} more were not.`;
  loop.request.note({ kind: 'note', level: 'warning', text });
  return [...results, ...others.map((call) => ({ call, text, isError: true }))];
}

type Outcome = Pick<CallResult, 'text' | 'isError'>;

/** One call: granted ones are run and shown, the others are noted as denied. */
async function runCall(loop: ToolLoop, call: WantedCall, id: string): Promise<Outcome> {
  const { request } = loop;
  const name = loop.names.fromWire(call.name);
  if (name === null) return deny(request, call, id);
  const { input, problem, notices } = call.arguments;
  request.note({ kind: 'tool_call', id, tool: name, input: input ?? null });
  for (const text of notices) request.note({ kind: 'note', level: 'warning', text });
  const outcome = input === null ? { text: problem, isError: true } : await request.callTool(name, input);
  const result = { text: cut(outcome.text), isError: outcome.isError };
  request.note({ kind: 'tool_result', id, ...result });
  return result;
}

function deny(request: AgentRequest, call: WantedCall, id: string): Outcome {
  const name = shown(call.name);
  const text = `The tool '${name}' is not granted to this step.`;
  const { input } = call.arguments;
  const isShort = JSON.stringify(input).length <= SHOWN_INPUT_CHARS;
  request.note({ kind: 'tool_call', id, tool: name, input: isShort ? input : null });
  request.note({ kind: 'tool_result', id, text, isError: true });
  request.note({ kind: 'note', level: 'warning', text });
  return { text, isError: true };
}

/** A name that a model made up, short and on one line. */
const shown = (name: string): string => name.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, SHOWN_NAME_CHARS);

function cut(text: string): string {
  const kept = firstBytesOf(text, MAX_RESULT_BYTES);
  if (kept === text) return text;
  return `${kept}\n[cut: the first ${grouped(MAX_RESULT_BYTES)} of ${grouped(Buffer.byteLength(text))} bytes]`;
}
