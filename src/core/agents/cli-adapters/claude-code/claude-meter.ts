import type { JsonMap } from '../../../../shared/json.ts';
import { addUsage, NO_USAGE, type TokenUsage } from '../../../../shared/model/agent.ts';
import { countOf, mapOf, textOf } from '../adapter-options.ts';

/**
 * Counts the tokens of a stream as they come, each message once, those of agents below it too: what a process has used that was ended
 * before it could say so itself.
 */
export class ClaudeMeter {
  readonly #messages = new Map<string, TokenUsage>();
  /** By whom the messages are that are being written: of each agent one. */
  readonly #open = new Map<string, string>();

  /** Null = nothing was asked. */
  get usage(): TokenUsage | null {
    const sum = [...this.#messages.values()].reduce(addUsage, NO_USAGE);
    return sum.inputTokens + sum.outputTokens === 0 ? null : sum;
  }

  read(event: JsonMap): void {
    const speaker = textOf(event.parent_tool_use_id) ?? '';
    if (event.type === 'assistant') this.#take(mapOf(event.message));
    if (event.type !== 'stream_event') return;
    const inner = mapOf(event.event);
    if (inner.type === 'message_start') {
      const message = mapOf(inner.message);
      this.#open.set(speaker, textOf(message.id) ?? '');
      this.#take(message);
    }
    if (inner.type === 'message_delta') this.#take({ id: this.#open.get(speaker) ?? '', usage: inner.usage ?? null });
  }

  /** Counts of a message only grow: an event that says less says nothing. */
  #take(message: JsonMap): void {
    const id = textOf(message.id) ?? '';
    const said = mapOf(message.usage);
    if (id === '') return;
    const before = this.#messages.get(id) ?? NO_USAGE;
    const cachedTokens = Math.max(before.cachedTokens, countOf(said.cache_read_input_tokens));
    const cacheWriteTokens = Math.max(before.cacheWriteTokens, countOf(said.cache_creation_input_tokens));
    const plain = before.inputTokens - before.cachedTokens - before.cacheWriteTokens;
    this.#messages.set(id, {
      ...before,
      inputTokens: Math.max(plain, countOf(said.input_tokens)) + cachedTokens + cacheWriteTokens,
      outputTokens: Math.max(before.outputTokens, countOf(said.output_tokens)),
      ...{ cachedTokens, cacheWriteTokens },
    });
  }
}
