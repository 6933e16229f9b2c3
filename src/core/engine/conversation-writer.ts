import type { ConversationItem } from '../../shared/model/agent.ts';
import type { ConversationStore } from '../storage/index.ts';
import type { EngineHost } from './ports.ts';

interface WriterOptions {
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  readonly agent: string;
  readonly conversations: ConversationStore;
  readonly host: Pick<EngineHost, 'redact' | 'heldBack'>;
  /** UTC ms. */
  readonly now: () => number;
}

type Streamed = Extract<ConversationItem, { kind: 'text' | 'thinking' }>;

/**
 * Writes what an agent says and does in one attempt. Streamed texts come in pieces, and a secret may lie across two of them: what may
 * be the beginning of one is held back until more of the text, or its end, is known.
 */
export class ConversationWriter {
  readonly #options: WriterOptions;
  #held: Streamed | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  note(item: ConversationItem): void {
    if (item.kind === 'text' || item.kind === 'thinking') this.#stream(item);
    else {
      this.end();
      this.#append(item);
    }
  }

  /** The attempt is over: what was held back is said. */
  end(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#append(held);
  }

  #stream(item: Streamed): void {
    if (this.#held !== null && this.#held.kind !== item.kind) this.end();
    const { host } = this.#options;
    const text = host.redact((this.#held?.text ?? '') + item.text);
    const safe = text.length - host.heldBack(text);
    this.#held = safe === text.length ? null : { kind: item.kind, text: text.slice(safe) };
    if (safe > 0) this.#append({ kind: item.kind, text: text.slice(0, safe) });
  }

  #append(item: ConversationItem): void {
    const { runId, path, attempt, agent, conversations, host, now } = this.#options;
    conversations.append(runId, { at: now(), path, attempt, agent, item: host.redact(item) });
  }
}
