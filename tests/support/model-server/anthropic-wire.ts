import { randomUUID } from 'node:crypto';
import type { JsonMap } from '../../../src/shared/json.ts';
import { argumentText, type Message, piecesOf, type SaidUsage, type Wire } from './answer.ts';

/** `POST /v1/messages`. */
export const ANTHROPIC_WIRE: Wire = {
  streamType: 'text/event-stream; charset=utf-8',
  stream: (message) => {
    const usage = usageOf(message.usage);
    const start = {
      ...head(message),
      content: [],
      stop_reason: null,
      usage: message.usage === null ? {} : { ...usage, output_tokens: 1 },
    };
    const delta = { stop_reason: stopReason(message), stop_sequence: null };
    return {
      content: [
        event('message_start', { message: start }),
        event('ping', {}),
        ...blocksOf(message).flatMap((block, index) => blockEvents(block, index)),
      ],
      end: [
        event('message_delta', {
          delta,
          usage: message.usage === null ? {} : { output_tokens: message.usage.outputTokens },
        }),
        event('message_stop', {}),
      ],
    };
  },
  whole: (message) => ({
    ...head(message),
    content: blocksOf(message).map(({ whole }) => whole),
    stop_reason: stopReason(message),
    usage: usageOf(message.usage),
  }),
  error: (status, text) => ({ type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message: text } }),
  unknownModel: (model) => ({ type: 'error', error: { type: 'not_found_error', message: `model: ${model}` } }),
};

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

interface Block {
  readonly whole: JsonMap;
  readonly start: JsonMap;
  readonly deltas: readonly JsonMap[];
}

const head = (message: Message): JsonMap => ({
  // Each answer has an id of its own: by it a message is counted once.
  id: `msg_01${randomUUID().replaceAll('-', '').slice(0, 22)}`,
  type: 'message',
  role: 'assistant',
  model: message.model,
  stop_sequence: null,
});

const stopReason = (message: Message): string => (message.toolCalls.length > 0 ? 'tool_use' : 'end_turn');

function usageOf(usage: SaidUsage | null): JsonMap {
  if (usage === null) return {};
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage;
  return {
    input_tokens: inputTokens - cachedTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

function blocksOf({ thinking, text, toolCalls }: Message): readonly Block[] {
  const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk';
  return [
    ...(thinking === ''
      ? []
      : [
          {
            whole: { type: 'thinking', thinking, signature },
            start: { type: 'thinking', thinking: '', signature: '' },
            deltas: [
              ...piecesOf(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
              { type: 'signature_delta', signature },
            ],
          },
        ]),
    ...(text === ''
      ? []
      : [
          {
            whole: { type: 'text', text },
            start: { type: 'text', text: '' },
            deltas: piecesOf(text).map((piece) => ({ type: 'text_delta', text: piece })),
          },
        ]),
    ...toolCalls.map(({ id, name, input }) => ({
      whole: { type: 'tool_use', id, name, input },
      start: { type: 'tool_use', id, name, input: {} },
      deltas: piecesOf(argumentText(input)).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
    })),
  ];
}

function blockEvents({ start, deltas }: Block, index: number): readonly string[] {
  return [
    event('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ];
}

const event = (type: string, data: JsonMap): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
