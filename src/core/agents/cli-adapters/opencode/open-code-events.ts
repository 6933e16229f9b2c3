import type { Json, JsonMap } from '../../../../shared/json.ts';
import type { ConversationItem, TokenUsage } from '../../../../shared/model/agent.ts';
import { readContent } from '../../output/answer-content.ts';
import { countOf, mapOf, textOf } from '../adapter-options.ts';

/** What a question to OpenCode came to, as far as its events say. */
export interface OpenCodeTranscript {
  /** Text of the last message of the model: what came before it belongs to tool calls. */
  readonly text: string | null;
  /** The last error, which ended it. */
  readonly error: JsonMap | null;
  readonly usage: TokenUsage | null;
  /** USD; 0 = it knows no price. */
  readonly cost: number;
  /** The model has ended a turn for which no other follows, or has written one whose end was not said. */
  readonly isComplete: boolean;
}

type Note = (item: ConversationItem) => void;

/** Reads the events of `opencode run --format json`. */
export class OpenCodeEvents {
  readonly #note: Note;
  readonly #spent: { tokens: JsonMap; cost: number }[] = [];
  readonly #texts = new Map<string, string>();
  #lastMessage: string | null = null;
  #error: JsonMap | null = null;
  #isComplete = false;

  constructor(note: Note) {
    this.#note = note;
  }

  get transcript(): OpenCodeTranscript {
    return {
      text: this.#lastMessage === null ? null : (this.#texts.get(this.#lastMessage) ?? ''),
      error: this.#error,
      usage: sumUsage(this.#spent.map(({ tokens }) => tokens)),
      cost: this.#spent.reduce((sum, { cost }) => sum + cost, 0),
      isComplete: this.#isComplete,
    };
  }

  /** True when a turn is through and another follows. */
  read(event: JsonMap): boolean {
    const part = mapOf(event.part);
    switch (event.type) {
      case 'step_start':
        this.#lastMessage = textOf(part.messageID);
        this.#isComplete = false;
        // Where it goes on, an error before it did not end it.
        this.#error = null;
        break;
      case 'text':
        this.#readText(part);
        break;
      case 'reasoning':
        this.#noteText('thinking', textOf(part.text) ?? '');
        break;
      case 'tool_use':
        for (const item of toolItems(part)) this.#note(item);
        break;
      case 'step_finish':
        this.#spent.push({ tokens: mapOf(part.tokens), cost: typeof part.cost === 'number' ? part.cost : 0 });
        this.#isComplete = part.reason !== 'tool-calls';
        break;
      case 'error':
        this.#error = mapOf(event.error);
        this.#note({ kind: 'note', level: 'error', text: errorText(this.#error) });
    }
    return event.type === 'step_finish' && !this.#isComplete;
  }

  #readText(part: JsonMap): void {
    const { text } = readContent(part.text);
    const message = textOf(part.messageID) ?? '';
    this.#texts.set(message, (this.#texts.get(message) ?? '') + text);
    // Not every version says the end of a turn; a process that ends well has written all of it.
    if (message === (this.#lastMessage ?? message)) this.#isComplete ||= text.trim() !== '';
    this.#lastMessage ??= message;
    this.#noteText('text', text);
  }

  #noteText(kind: 'text' | 'thinking', text: string): void {
    if (text !== '') this.#note({ kind, text });
  }
}

/** A call of a tool that has ended, with what it gave. */
export function toolItems(part: JsonMap): readonly ConversationItem[] {
  const state = mapOf(part.state);
  const id = textOf(part.callID) ?? '';
  const isError = state.status === 'error';
  const said: Json | undefined = isError ? state.error : state.output;
  return [
    { kind: 'tool_call', id, tool: textOf(part.tool) ?? '', input: state.input ?? null },
    { kind: 'tool_result', id, text: textOf(said) ?? '', isError },
  ];
}

/** What an error of OpenCode says. */
export function errorText(error: JsonMap): string {
  return textOf(mapOf(error.data).message) ?? textOf(error.name) ?? 'unknown error';
}

/** Cached input is not in `input` there, nor reasoning in `output`. null = nothing was said. */
export function sumUsage(steps: readonly JsonMap[]): TokenUsage | null {
  const sum = (read: (step: JsonMap) => Json | undefined): number =>
    steps.reduce((total, step) => total + countOf(read(step)), 0);
  const cachedTokens = sum((step) => mapOf(step.cache).read);
  const cacheWriteTokens = sum((step) => mapOf(step.cache).write);
  const reasoningTokens = sum((step) => step.reasoning);
  const inputTokens = sum((step) => step.input) + cachedTokens + cacheWriteTokens;
  const outputTokens = sum((step) => step.output) + reasoningTokens;
  if (inputTokens + outputTokens === 0) return null;
  return { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, isEstimated: false };
}
