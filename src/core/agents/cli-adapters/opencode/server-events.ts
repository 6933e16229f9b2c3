import type { JsonMap } from '../../../../shared/json.ts';
import type { ConversationItem } from '../../../../shared/model/agent.ts';
import { mapOf, textOf } from '../adapter-options.ts';
import { toolItems } from './open-code-events.ts';

type Note = (item: ConversationItem) => void;

/** Reads the server's events of one session and says what happens there. */
export class ServerEvents {
  readonly #sessionId: string;
  readonly #note: Note;
  /** Parts that belong to the model, by id; what a person or we wrote is no news. */
  readonly #kinds = new Map<string, 'text' | 'thinking'>();
  readonly #users = new Set<string>();
  readonly #answers = new Map<string, JsonMap>();

  constructor(sessionId: string, note: Note) {
    this.#sessionId = sessionId;
    this.#note = note;
  }

  /** What is known of the model's messages, one after each turn. */
  get answers(): ReadonlyMap<string, JsonMap> {
    return this.#answers;
  }

  /** Whether the event was one of this session, whether a turn is through that another follows, and whether there is nothing more to do. */
  read(event: JsonMap): { readonly isOurs: boolean; readonly isTurn: boolean; readonly isIdle: boolean } {
    const properties = mapOf(event.properties);
    const part = mapOf(properties.part);
    const isOurs = (properties.sessionID ?? part.sessionID) === this.#sessionId;
    if (!isOurs) return { isOurs, isTurn: false, isIdle: false };
    const isTurn = event.type === 'message.updated' && this.#readMessage(mapOf(properties.info));
    if (event.type === 'message.part.updated') this.#readPart(part);
    if (event.type === 'message.part.delta') this.#readDelta(properties);
    if (event.type === 'session.status') this.#readStatus(mapOf(properties.status));
    return { isOurs, isTurn, isIdle: event.type === 'session.idle' };
  }

  /** True when it says for the first time that the turn is through and another follows. */
  #readMessage(info: JsonMap): boolean {
    const id = textOf(info.id);
    if (id === null) return false;
    if (info.role === 'user') this.#users.add(id);
    if (info.role !== 'assistant') return false;
    const before = this.#answers.get(id)?.finish;
    this.#answers.set(id, info);
    return info.finish === 'tool-calls' && before !== info.finish;
  }

  #readPart(part: JsonMap): void {
    if (this.#users.has(textOf(part.messageID) ?? '')) return;
    const id = textOf(part.id) ?? '';
    if (part.type === 'text') this.#kinds.set(id, 'text');
    if (part.type === 'reasoning') this.#kinds.set(id, 'thinking');
    const { status } = mapOf(part.state);
    if (part.type !== 'tool' || (status !== 'completed' && status !== 'error')) return;
    for (const item of toolItems(part)) this.#note(item);
  }

  #readDelta({ partID, field, delta }: JsonMap): void {
    const kind = this.#kinds.get(textOf(partID) ?? '');
    const text = textOf(delta);
    if (kind !== undefined && field === 'text' && text !== null && text !== '') this.#note({ kind, text });
  }

  #readStatus(status: JsonMap): void {
    if (status.type !== 'retry') return;
    this.#note({ kind: 'note', level: 'warning', text: `The provider refused: ${textOf(status.message) ?? ''}` });
  }
}
