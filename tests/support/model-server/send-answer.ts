import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Answer,
  Message,
  MessageAnswer,
  ModelRequest,
  SaidToolCall,
  StatusAnswer,
  Wire,
  WireFormat,
} from './answer.ts';
import { ANTHROPIC_WIRE } from './anthropic-wire.ts';
import { defaultAnswer, forcedTool } from './default-answer.ts';
import { OLLAMA_WIRE } from './ollama-wire.ts';
import { OPENAI_WIRE } from './openai-wire.ts';

export const WIRES: Readonly<Record<WireFormat, Wire>> = {
  anthropic: ANTHROPIC_WIRE,
  openai: OPENAI_WIRE,
  ollama: OLLAMA_WIRE,
};

/** A question to a model, and where its answer goes. */
export interface Exchange {
  readonly request: ModelRequest;
  readonly wire: Wire;
  readonly response: ServerResponse;
}

/** Sends an answer as its provider would. Resolves when it is over, also when the other side has gone. */
export async function sendAnswer(exchange: Exchange, answer: Answer): Promise<void> {
  const { request, response, wire } = exchange;
  if ('status' in answer) return sendStatus(exchange, answer);
  const type = request.isStreaming ? wire.streamType : 'application/json';
  if ('garbage' in answer) {
    response.writeHead(200, { 'content-type': type }).end(answer.garbage);
    return;
  }
  const isEmpty = [answer.text, answer.thinking, answer.toolCalls, answer.json].every((one) => one === undefined);
  if (isEmpty && answer.hang === true) return;
  const message = messageOf(request, isEmpty ? { ...defaultAnswer(request), ...answer } : answer);
  const { content, end } = request.isStreaming
    ? wire.stream(message, request)
    : { content: [], end: [JSON.stringify(wire.whole(message))] };
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
  response.flushHeaders();
  await sendPieces(response, { content, end }, answer);
}

function sendStatus({ response, wire }: Exchange, { status, body, headers }: StatusAnswer): void {
  const written = body ?? wire.error(status, `The model server was told to say ${status}.`);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof written === 'string' ? written : JSON.stringify(written));
}

let calls = 0;

function messageOf(request: ModelRequest, answer: MessageAnswer): Message {
  const tool = answer.json === undefined ? null : forcedTool(request);
  const said: readonly SaidToolCall[] = tool === null ? [] : [{ name: String(tool.name), input: answer.json ?? null }];
  return {
    text: answer.text ?? (tool === null && answer.json !== undefined ? JSON.stringify(answer.json) : ''),
    thinking: answer.thinking ?? '',
    toolCalls: [...(answer.toolCalls ?? []), ...said].map(({ id, name, input }) => ({
      id: id ?? `call_${++calls}`,
      name,
      input,
    })),
    usage: answer.usage === undefined ? { inputTokens: 120, outputTokens: 30 } : answer.usage,
    model: answer.model ?? request.model ?? 'a-model',
  };
}

async function sendPieces(
  response: ServerResponse,
  pieces: { readonly content: readonly string[]; readonly end: readonly string[] },
  pace: MessageAnswer,
): Promise<void> {
  let sent = 0;
  const send = async (piece: string): Promise<boolean> => {
    if (pace.slow !== undefined) await delay(pace.slow);
    if (response.destroyed) return false;
    if (sent++ === pace.cut) {
      response.destroy();
      return false;
    }
    // A piece that is on its way before the connection breaks must arrive.
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    return true;
  };
  for (const piece of pieces.content) if (!(await send(piece))) return;
  if (pace.hang === true) return;
  if (pace.until !== undefined) await Promise.race([pace.until, closeOf(response)]);
  for (const piece of pieces.end) if (!(await send(piece))) return;
  if (pace.linger === true) return;
  if (pace.cut === undefined) response.end();
  else response.destroy();
}

const closeOf = (response: ServerResponse): Promise<void> => new Promise((resolve) => response.once('close', resolve));
