import type { Json, JsonMap, JsonNotice } from '../../../../shared/json.ts';
import type { ConversationItem, TokenUsage } from '../../../../shared/model/agent.ts';
import { listOf, mapOf, textOf } from '../adapter-options.ts';
import { ClaudeMeter } from './claude-meter.ts';

/** What a run of Claude Code came to, as far as its events say. */
export interface ClaudeTranscript {
  readonly model: string | null;
  /** The `result` event; null = it never came. */
  readonly result: JsonMap | null;
  /** What of that event had to be read otherwise than it was written. */
  readonly notices: readonly JsonNotice[];
  /** Of all messages so far, as the stream has counted them; null = nothing was asked. */
  readonly used: TokenUsage | null;
  /** Text of the last message of the model. */
  readonly text: string;
  /** The last refusal of the provider. */
  readonly apiError: { readonly kind: string; readonly status: number | null; readonly text: string } | null;
}

type Note = (item: ConversationItem) => void;

/** Its own tool through which it gives a structured answer: an answer, not a call of a tool. */
const ANSWER_TOOL = 'StructuredOutput';

/** Reads the events of `--output-format stream-json` as they come and says what happens. */
export class ClaudeEvents {
  readonly #note: Note;
  readonly #streamed = new Set<string>();
  readonly #answerCalls = new Set<string>();
  readonly #meter = new ClaudeMeter();
  #model: string | null = null;
  #result: JsonMap | null = null;
  #notices: readonly JsonNotice[] = [];
  #lastMessage: string | null = null;
  #lastText = '';
  #apiError: ClaudeTranscript['apiError'] = null;

  constructor(note: Note) {
    this.#note = note;
  }

  get transcript(): ClaudeTranscript {
    return {
      model: this.#model,
      result: this.#result,
      notices: this.#notices,
      used: this.#meter.usage,
      text: this.#lastText,
      apiError: this.#apiError,
    };
  }

  read(event: JsonMap, notices: readonly JsonNotice[] = []): void {
    this.#meter.read(event);
    switch (event.type) {
      case 'system':
        this.#readSystem(event);
        break;
      case 'stream_event':
        this.#readPiece(event);
        break;
      case 'assistant':
        this.#readAssistant(event);
        break;
      case 'user':
        this.#readUser(event);
        break;
      case 'result':
        this.#result = event;
        this.#notices = notices;
    }
  }

  #readSystem(event: JsonMap): void {
    if (event.subtype === 'init') {
      this.#model = textOf(event.model);
      for (const server of listOf(event.mcp_servers).map(mapOf)) {
        if (server.status === 'failed') this.#say('warning', `The MCP server ${server.name} could not be started.`);
      }
    }
    if (event.subtype !== 'api_retry') return;
    const status = event.error_status === null ? '' : ` ${event.error_status}`;
    this.#say(
      'warning',
      `The provider refused${status} (${event.error}); attempt ${event.attempt} of ${event.max_retries} follows.`,
    );
  }

  /** A piece of an answer. Those of sub-agents stay with them. */
  #readPiece(event: JsonMap): void {
    if (textOf(event.parent_tool_use_id) !== null) return;
    const inner = mapOf(event.event);
    if (inner.type === 'message_start') {
      const id = textOf(mapOf(inner.message).id);
      if (id !== null) this.#streamed.add(id);
    }
    if (inner.type !== 'content_block_delta') return;
    const delta = mapOf(inner.delta);
    this.#noteText('text', textOf(delta.text));
    this.#noteText('thinking', textOf(delta.thinking));
  }

  #readAssistant(event: JsonMap): void {
    const message = mapOf(event.message);
    const parts = listOf(message.content).map(mapOf);
    if (textOf(event.error) !== null) {
      this.#readApiError(event, parts);
      return;
    }
    const isStreamed = this.#streamed.has(textOf(message.id) ?? '');
    const isOurs = textOf(event.parent_tool_use_id) === null;
    if (isOurs) {
      this.#model ??= textOf(message.model);
      this.#keepText(message);
    }
    for (const part of parts) {
      if (part.type === 'tool_use') this.#readCall(part);
      if (isStreamed || !isOurs) continue;
      if (part.type === 'text') this.#noteText('text', textOf(part.text));
      if (part.type === 'thinking') this.#noteText('thinking', textOf(part.thinking));
    }
  }

  /** A message may come in several events, each with one of its parts. */
  #keepText(message: JsonMap): void {
    const id = textOf(message.id);
    const texts = listOf(message.content)
      .map(mapOf)
      .flatMap((part) => (part.type === 'text' ? [textOf(part.text) ?? ''] : []));
    const isSame = id !== null && id === this.#lastMessage;
    this.#lastMessage = id;
    this.#lastText = (isSame ? this.#lastText : '') + texts.join('');
  }

  #readApiError(event: JsonMap, parts: readonly JsonMap[]): void {
    const text = parts.map((part) => textOf(part.text) ?? '').join('');
    const status = typeof event.api_error_status === 'number' ? event.api_error_status : null;
    this.#apiError = { kind: textOf(event.error) ?? 'unknown', status, text };
    this.#say('error', text);
  }

  #readCall(part: JsonMap): void {
    const id = textOf(part.id) ?? '';
    const tool = textOf(part.name) ?? '';
    if (tool === ANSWER_TOOL) {
      this.#answerCalls.add(id);
      this.#noteText('text', JSON.stringify(part.input ?? null));
    } else this.#note({ kind: 'tool_call', id, tool, input: part.input ?? null });
  }

  #readUser(event: JsonMap): void {
    for (const part of listOf(mapOf(event.message).content).map(mapOf)) {
      const id = textOf(part.tool_use_id) ?? '';
      if (part.type !== 'tool_result' || this.#answerCalls.has(id)) continue;
      this.#note({ kind: 'tool_result', id, text: contentText(part.content), isError: part.is_error === true });
    }
  }

  #noteText(kind: 'text' | 'thinking', text: string | null): void {
    if (text !== null && text !== '') this.#note({ kind, text });
  }

  #say(level: 'warning' | 'error', text: string): void {
    this.#note({ kind: 'note', level, text });
  }
}

/** Text of a tool's result; parts that are no text are named by their type. */
function contentText(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => textOf(mapOf(part).text) ?? `[${textOf(mapOf(part).type) ?? 'part'}]`)
    .join('\n');
}
