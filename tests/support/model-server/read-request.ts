import type { IncomingMessage } from 'node:http';
import type { Json, JsonMap } from '../../../src/shared/json.ts';
import type { ModelRequest, SeenToolResult, WireFormat } from './answer.ts';

const CHAT_PATHS: Readonly<Record<string, WireFormat>> = {
  '/v1/messages': 'anthropic',
  '/v1/chat/completions': 'openai',
  '/api/chat': 'ollama',
};

/** What a request itself says. */
export type ReadRequest = Omit<ModelRequest, 'number' | 'closed'>;

/** Reads a request to its end and says what a script wants to know of it. */
export async function readRequest(incoming: IncomingMessage): Promise<ReadRequest> {
  const bodyText = await readAll(incoming);
  const url = new URL(incoming.url ?? '/', 'http://model');
  const body = parseMap(bodyText);
  const format = incoming.method === 'POST' && body !== null ? (CHAT_PATHS[url.pathname] ?? null) : null;
  const messages = maps(body?.messages);
  const system = [...textsOf(body?.system), ...messages.filter(isSystem).flatMap((one) => textsOf(one.content))].join(
    '\n',
  );
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    bodyText,
    body,
    format,
    model: typeof body?.model === 'string' ? body.model : null,
    // Ollama streams unless it is told not to.
    isStreaming: format === 'ollama' ? body?.stream !== false : body?.stream === true,
    system,
    prompt: textsOf(messages.findLast((one) => one.role === 'user' && textsOf(one.content).length > 0)?.content).join(
      '\n',
    ),
    toolNames: maps(body?.tools).map((tool) => String(isMap(tool.function) ? tool.function.name : tool.name)),
    toolResults: resultsOf(messages),
    isAside: isAside(system, body),
  };
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

function parseMap(text: string): JsonMap | null {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value as Json) ? (value as JsonMap) : null;
  } catch {
    return null;
  }
}

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const maps = (value: Json | undefined): readonly JsonMap[] => (Array.isArray(value) ? value.filter(isMap) : []);

const isSystem = (message: JsonMap): boolean => message.role === 'system' || message.role === 'developer';

/** The texts of a message's content: a text, or the text parts of a list. */
function textsOf(content: Json | undefined): readonly string[] {
  if (typeof content === 'string') return [content];
  return maps(content).flatMap((part) => (part.type === 'text' && typeof part.text === 'string' ? [part.text] : []));
}

/** What stands behind the model's last answer, in the form of each provider. */
function resultsOf(messages: readonly JsonMap[]): readonly SeenToolResult[] {
  const behind = messages.slice(messages.findLastIndex((one) => one.role === 'assistant') + 1);
  return behind.flatMap((message) => {
    if (message.role === 'tool') return [{ id: idOf(message.tool_call_id), text: textsOf(message.content).join('\n') }];
    return maps(message.content)
      .filter((part) => part.type === 'tool_result')
      .map((part) => ({ id: idOf(part.tool_use_id), text: textsOf(part.content).join('\n') }));
  });
}

const idOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

function isAside(system: string, body: JsonMap | null): boolean {
  return body?.max_tokens === 1 || /title generator|generate a (?:concise|short|brief)[^.]{0,40} title/i.test(system);
}
