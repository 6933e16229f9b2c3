import { randomUUID } from 'node:crypto';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { createEventRewriter, type EventRewriter } from '../../streams/index.ts';
import { failureReply, isFailureReply, tooLarge } from './mcp-transport.ts';
import { MessageIntake, type RequestId } from './message-intake.ts';
import { MESSAGE_LIMIT_BYTES } from './message-reader.ts';
import type { Oddities } from './oddities.ts';
import { plainText } from './plain-text.ts';

const MARKER = 'aiworkflow/marker';
const MAX_EXCERPT_CHARS = 200;

type Fetch = typeof globalThis.fetch;

/** A request without an answer. */
interface Pending {
  readonly abort: AbortController;
  /** Lets go of the connection on which the answer would come. */
  release: () => void;
  /** Why the answer cannot come; null = nobody waits for it any more. */
  verdict: AppError | null;
}

/**
 * Stands between the SDK and the network: every answer goes through the intake of messages first, an answer stream that ends without its
 * answer, or is larger than a message may be, fails its request at once, and a cancelled request keeps no connection.
 */
export class AnswerWatch {
  readonly #intake: MessageIntake;
  readonly #oddities: Oddities;
  readonly #deliver: (message: JSONRPCMessage) => void;
  readonly #pending = new Map<RequestId, Pending>();
  /** Tells our own marker from anything that a server could write. */
  readonly #nonce = randomUUID();

  constructor(oddities: Oddities, deliver: (message: JSONRPCMessage) => void) {
    this.#intake = new MessageIntake(oddities);
    this.#oddities = oddities;
    this.#deliver = deliver;
  }

  /** A request is about to be sent. */
  sent(id: RequestId): void {
    const abort = new AbortController();
    this.#pending.set(id, { abort, release: () => abort.abort(), verdict: null });
    this.#intake.sent(id);
  }

  /** It could not be sent, or was answered. */
  settled(id: RequestId): void {
    this.#pending.delete(id);
    this.#intake.settled(id);
  }

  /** It was called off: nobody waits for its answer. */
  calledOff(id: RequestId): void {
    this.#pending.get(id)?.release();
    this.#intake.settled(id);
  }

  /** Whether a message of the SDK is our marker. What becomes of it: the verdict, if the request still waits. */
  isMarker(message: JSONRPCMessage): boolean {
    if (!('result' in message) || message.result[MARKER] !== this.#nonce) return false;
    const verdict = this.#pending.get(message.id)?.verdict;
    this.settled(message.id);
    if (verdict != null) this.#deliver(failureReply(message.id, verdict));
    return true;
  }

  watch(fetch: Fetch): Fetch {
    return async (input, init) => {
      const id = init?.method === 'POST' ? requestIdOf(init.body) : null;
      const pending = id === null ? undefined : this.#pending.get(id);
      const signals = [pending?.abort.signal, init?.signal].filter((signal) => signal != null);
      const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || response.body === null) return response;
      if (type.includes('text/event-stream')) return this.#watchedStream(response.body, response, { id, pending });
      if (id === null || response.status === 202) return this.#withoutAnswer(response, id);
      return this.#readWhole(response, id, type);
    };
  }

  #withoutAnswer(response: Response, id: RequestId | null): Response {
    if (id !== null) this.#oddities.note('status 202 instead of an answer');
    return response;
  }

  /** An answer in one piece. The messages go on to the SDK, whatever the type of the content was said to be. */
  async #readWhole(response: Response, id: RequestId, type: string): Promise<Response> {
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8').trim();
    const isSaid = /\bjson\b/i.test(type);
    const isJson = text !== '' && (isSaid || /^[[{]/.test(text));
    if (isJson && !isSaid) this.#oddities.note('a message that is not said to be JSON', type);
    const messages = isJson ? this.#taken(bytes) : [];
    if (this.#intake.waiting.includes(id)) {
      this.settled(id);
      this.#deliver(failureReply(id, noAnswerIn(/^[[{]/.test(text) ? '' : text, type)));
    }
    const headers = new Headers(response.headers);
    headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(messages), { status: response.status, headers });
  }

  /** What the SDK may read of it; failures, which are ours, are delivered past it. */
  #taken(bytes: Buffer): readonly JSONRPCMessage[] {
    const messages = this.#intake.take(bytes);
    for (const message of messages) if (isFailureReply(message)) this.#deliver(message);
    return messages.filter((message) => !isFailureReply(message));
  }

  #watchedStream(
    body: ReadableStream<Uint8Array>,
    { status, headers }: Response,
    { id, pending }: { readonly id: RequestId | null; readonly pending: Pending | undefined },
  ): Response {
    const rewriter = createEventRewriter({ maxBytes: MESSAGE_LIMIT_BYTES, tooLong: tooLarge }, (data) =>
      this.#intake.take(data).map((message) => this.#handOn(message)),
    );
    const own = id === null || pending === undefined ? null : { id, pending };
    return new Response(this.#rewritten(body, rewriter, own), { status, headers });
  }

  /** A failure is delivered past the SDK, for which the request has to count as answered. */
  #handOn(message: JSONRPCMessage): string {
    if (!isFailureReply(message)) return JSON.stringify(message);
    this.#deliver(message);
    return this.#markerOf(message.id);
  }

  #markerOf(id: RequestId): string {
    return JSON.stringify({ jsonrpc: '2.0', id, result: { [MARKER]: this.#nonce } });
  }

  /**
   * The events of a stream; `own` is the request that it answers. When it cannot give the answer any more, it ends with a marker that
   * looks like one: the SDK counts the request as answered and does not ask for the stream again, and the marker comes after all that
   * came before it.
   */
  #rewritten(
    body: ReadableStream<Uint8Array>,
    rewriter: EventRewriter,
    own: { readonly id: RequestId; readonly pending: Pending } | null,
  ): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    let isOver = false;
    const settle = (controller: ReadableStreamDefaultController<Uint8Array>, verdict: AppError | null): void => {
      if (isOver || own === null) return;
      isOver = true;
      own.pending.verdict = verdict;
      controller.enqueue(Buffer.from(`data: ${this.#markerOf(own.id)}\n\n`));
      controller.close();
      void reader.cancel().catch(() => undefined);
    };
    const end = (controller: ReadableStreamDefaultController<Uint8Array>, error: unknown): void => {
      if (error instanceof AppError && error.code === 'tool.output_too_large' && own !== null)
        settle(controller, tooLarge());
      else if (own !== null && !rewriter.hasIds()) settle(controller, lostAnswer(error));
      else if (error === null) controller.close();
      else controller.error(error);
    };
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        if (own !== null) own.pending.release = () => settle(controller, null);
      },
      pull: async (controller) => {
        try {
          for (let bytes = Buffer.alloc(0); bytes.length === 0; ) {
            const { done, value } = await reader.read();
            if (isOver) return;
            if (done) return end(controller, null);
            bytes = rewriter.push(value) as typeof bytes;
            if (bytes.length > 0) controller.enqueue(bytes);
          }
        } catch (error) {
          if (!isOver) end(controller, error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }
}

/** The request of a POST of the SDK; null for notifications and answers. */
function requestIdOf(body: unknown): RequestId | null {
  if (typeof body !== 'string') return null;
  const message = JSON.parse(body) as { readonly id?: RequestId; readonly method?: string };
  return message.method === undefined ? null : (message.id ?? null);
}

function lostAnswer(cause: unknown): AppError {
  return new AppError('tool.connection_lost', 'The connection to the MCP server ended before its answer came.', {
    hint: 'Whether the tool did its work is not known. Look before you call it again.',
    details: { phase: 'call' },
    cause,
  });
}

/** `text` is what came instead of JSON. */
function noAnswerIn(text: string, type: string): AppError {
  const excerpt = plainText(text.slice(0, MAX_EXCERPT_CHARS), false);
  const what = excerpt === '' ? 'holds no answer to the request' : `is no JSON (${type || 'of no type'}): ${excerpt}`;
  return new AppError('tool.invalid_reply', `What the MCP server answered ${what}.`, {
    hint: "Look at 'server.url': it must be the address of a streamable HTTP endpoint.",
    retryable: false,
  });
}
