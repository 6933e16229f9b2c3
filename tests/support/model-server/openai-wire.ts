import type { Json, JsonMap } from '../../../src/shared/json.ts';
import { argumentText, type Message, piecesOf, type SaidUsage, type Wire } from './answer.ts';

/** `POST /v1/chat/completions`. Thinking goes out as `reasoning_content`, as compatible servers write it. */
export const OPENAI_WIRE: Wire = {
  streamType: 'text/event-stream; charset=utf-8',
  stream: (message, request) => {
    const { usage } = message;
    const options = request.body?.stream_options;
    const wantsUsage = isMap(options) && options.include_usage === true && usage !== null;
    return {
      content: [
        chunk(message, { role: 'assistant', content: '' }),
        ...piecesOf(message.thinking).map((piece) => chunk(message, { reasoning_content: piece })),
        ...piecesOf(message.text).map((piece) => chunk(message, { content: piece })),
        ...message.toolCalls.flatMap((call, index) => callChunks(message, call, index)),
      ],
      end: [
        chunk(message, {}, finishReason(message)),
        ...(wantsUsage
          ? [data({ ...head(message, 'chat.completion.chunk'), choices: [], usage: usageOf(usage) })]
          : []),
        'data: [DONE]\n\n',
      ],
    };
  },
  whole: (message) => ({
    ...head(message, 'chat.completion'),
    choices: [{ index: 0, message: wholeMessage(message), logprobs: null, finish_reason: finishReason(message) }],
    ...(message.usage === null ? {} : { usage: usageOf(message.usage) }),
  }),
  error: (status, text) => ({
    error: { message: text, type: status >= 500 ? 'server_error' : 'invalid_request_error', param: null, code: null },
  }),
  unknownModel: (model) => ({
    error: {
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      type: 'invalid_request_error',
      param: null,
      code: 'model_not_found',
    },
  }),
};

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const head = (message: Message, object: string): JsonMap => ({
  id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
  object,
  created: 1_741_569_952,
  model: message.model,
});

const finishReason = (message: Message): string => (message.toolCalls.length > 0 ? 'tool_calls' : 'stop');

const data = (value: JsonMap): string => `data: ${JSON.stringify(value)}\n\n`;

const chunk = (message: Message, delta: JsonMap, finish: string | null = null): string =>
  data({
    ...head(message, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });

function callChunks(message: Message, call: Message['toolCalls'][number], index: number): readonly string[] {
  const { id, name, input } = call;
  const first = { index, id, type: 'function', function: { name, arguments: '' } };
  return [
    chunk(message, { tool_calls: [first] }),
    ...piecesOf(argumentText(input)).map((piece) =>
      chunk(message, { tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  ];
}

function wholeMessage({ text, thinking, toolCalls }: Message): JsonMap {
  const calls = toolCalls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: argumentText(input) },
  }));
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(thinking === '' ? {} : { reasoning_content: thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    refusal: null,
  };
}

function usageOf({ inputTokens, outputTokens, cachedTokens = 0, reasoningTokens = 0 }: SaidUsage): JsonMap {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoningTokens, audio_tokens: 0 },
  };
}
