import type { JsonMap } from '../../../src/shared/json.ts';
import { type Message, piecesOf, type SaidUsage, type Wire } from './answer.ts';

/** `POST /api/chat`. Ollama ties results to calls by order, its calls have no ids. */
export const OLLAMA_WIRE: Wire = {
  streamType: 'application/x-ndjson',
  stream: (message) => ({
    content: [
      ...piecesOf(message.thinking).map((piece) => line(message, { content: '', thinking: piece })),
      ...piecesOf(message.text).map((piece) => line(message, { content: piece })),
      ...message.toolCalls.map((call) => line(message, { content: '', tool_calls: [callOf(call)] })),
    ],
    end: [`${JSON.stringify({ ...part(message, { content: '' }), ...endOf(message.usage) })}\n`],
  }),
  whole: (message) => {
    const { text, thinking, toolCalls } = message;
    const said: JsonMap = {
      content: text,
      ...(thinking === '' ? {} : { thinking }),
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(callOf) }),
    };
    return { ...part(message, said), ...endOf(message.usage) };
  },
  error: (_status, text) => ({ error: text }),
  unknownModel: (model) => ({ error: `model '${model}' not found` }),
};

const callOf = ({ name, input }: Message['toolCalls'][number]): JsonMap => ({ function: { name, arguments: input } });

const part = (message: Message, said: JsonMap): JsonMap => ({
  model: message.model,
  created_at: '2026-01-12T09:30:00.000000Z',
  message: { role: 'assistant', ...said },
});

const line = (message: Message, said: JsonMap): string =>
  `${JSON.stringify({ ...part(message, said), done: false })}\n`;

function endOf(usage: SaidUsage | null): JsonMap {
  return {
    done: true,
    done_reason: 'stop',
    total_duration: 4_883_583_458,
    load_duration: 1_334_875,
    ...(usage === null ? {} : { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens }),
  };
}
