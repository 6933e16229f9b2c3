import type { Json, JsonMap } from '../../../src/shared/json.ts';

/** What a model's answer used, in the words of `TokenUsage`: cached and written ones are part of the input, reasoning of the output. */
export interface SaidUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
}

export interface SaidToolCall {
  readonly name: string;
  /** A text goes out as it is, so that arguments can be malformed. */
  readonly input: Json;
  readonly id?: string;
}

/** How the pieces of an answer go out. */
export interface Pace {
  /** Milliseconds before each piece. */
  readonly slow?: number;
  /** The connection breaks after so many pieces. */
  readonly cut?: number;
  /** With content: it is sent and the end never comes. Alone: not even a head comes. */
  readonly hang?: boolean;
  /** The content is sent, the end waits for this. */
  readonly until?: Promise<unknown>;
  /** Everything is sent, only the connection stays open. */
  readonly linger?: boolean;
}

/** An answer of the model. Without any content the default answer's content is taken. */
export interface MessageAnswer extends Pace {
  readonly text?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly SaidToolCall[];
  /** An answer in the form that was asked for: the forced tool's arguments, else this value as text. */
  readonly json?: Json;
  /** null = it does not say. */
  readonly usage?: SaidUsage | null;
  readonly model?: string;
}

/** An answer of the server itself. A text body goes out as it is; without a body the provider's form of that error does. */
export interface StatusAnswer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Status 200, the right content type, and a body that is not what a provider sends. */
export interface GarbageAnswer {
  readonly garbage: string;
}

export type Answer = MessageAnswer | StatusAnswer | GarbageAnswer;

export type WireFormat = 'anthropic' | 'openai' | 'ollama';

/** A tool result that came back to the model. */
export interface SeenToolResult {
  readonly id: string | null;
  readonly text: string;
}

/** A request as it came in. */
export interface ModelRequest {
  /** Counts from 1 over everything that this server was asked. */
  readonly number: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyText: string;
  /** null = not a JSON object. */
  readonly body: JsonMap | null;
  /** Set for questions to a model; null = a list, a version, a count of tokens, or a path that nobody knows. */
  readonly format: WireFormat | null;
  readonly model: string | null;
  readonly isStreaming: boolean;
  /** System texts, joined. */
  readonly system: string;
  /** All texts of the last message that a person wrote. */
  readonly prompt: string;
  readonly toolNames: readonly string[];
  /** Results of the tools that the last answer asked for, in order. */
  readonly toolResults: readonly SeenToolResult[];
  /** A small question that command-line agents ask besides the real one: a title, a quota, a summary. */
  readonly isAside: boolean;
  /** How its answer ended. */
  readonly closed: Promise<'answered' | 'aborted'>;
}

/** A complete answer, ready for the wire. */
export interface Message {
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly Required<SaidToolCall>[];
  readonly usage: SaidUsage | null;
  readonly model: string;
}

/** How one provider writes its answers. */
export interface Wire {
  readonly streamType: string;
  /** The pieces of a streamed answer; `end` goes out after `Pace.until`. */
  stream(
    message: Message,
    request: ModelRequest,
  ): { readonly content: readonly string[]; readonly end: readonly string[] };
  whole(message: Message): JsonMap;
  error(status: number, text: string): JsonMap;
  unknownModel(model: string): JsonMap;
}

/** A text in up to about 20 pieces, never inside a letter. */
export function piecesOf(text: string): readonly string[] {
  const letters = Array.from(text);
  const size = Math.max(3, Math.ceil(letters.length / 20));
  return Array.from({ length: Math.ceil(letters.length / size) }, (_, index) =>
    letters.slice(index * size, (index + 1) * size).join(''),
  );
}

/** A tool's arguments as text; a text stays as it is. */
export const argumentText = (input: Json): string => (typeof input === 'string' ? input : JSON.stringify(input));
