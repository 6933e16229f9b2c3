import type {
  ListenPlace,
  ListenState,
  WebhookIntake,
  WebhookReply,
  WebhookRequest,
} from '../../core/triggers/index.ts';
import { packDeliveries } from './packed-deliveries.ts';
import { TurnBatch } from './turn-batch.ts';
import type { HostMessage, Numbered } from './worker-messages.ts';

const STOPPED: WebhookReply = { status: 503, body: { error: 'The delivery could not be stored' } };

/** The host's side of the intake of the control center in its worker. */
export class HostedWebhooks implements WebhookIntake {
  readonly #post: (message: HostMessage, transfer: ArrayBuffer[]) => void;
  readonly #waiting = new Map<number, (reply: WebhookReply) => void>();
  readonly #followers = new Set<(place: ListenPlace | null) => void>();
  readonly #batch = new TurnBatch<Numbered<WebhookRequest>>((requests) => this.#send(requests));
  #place: ListenPlace | null = null;
  #lastId = 0;
  #isEnded = false;

  constructor(post: (message: HostMessage, transfer: ArrayBuffer[]) => void) {
    this.#post = post;
  }

  follow(listener: (place: ListenPlace | null) => void): () => void {
    this.#followers.add(listener);
    listener(this.#place);
    return () => this.#followers.delete(listener);
  }

  report(state: ListenState | null, of: ListenPlace | null): void {
    if (!this.#isEnded) this.#post({ kind: 'listening', state, of }, []);
  }

  receive(request: WebhookRequest): Promise<WebhookReply> {
    if (this.#isEnded) return Promise.resolve(STOPPED);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#batch.add({ id, value: request });
    });
  }

  /** The worker wants to be listened for elsewhere. */
  listen(place: ListenPlace | null): void {
    this.#place = place;
    for (const follower of this.#followers) follower(place);
  }

  /** `replies` as the message of the worker has them. */
  settle(replies: string): void {
    for (const { id, value } of JSON.parse(replies) as readonly Numbered<WebhookReply>[]) {
      this.#waiting.get(id)?.(value);
      this.#waiting.delete(id);
    }
  }

  /** The worker is gone: what waits was not stored, as far as anybody knows, and the sender sends it again. */
  end(): void {
    this.#isEnded = true;
    for (const resolve of this.#waiting.values()) resolve(STOPPED);
    this.#waiting.clear();
    this.listen(null);
  }

  #send(requests: readonly Numbered<WebhookRequest>[]): void {
    if (this.#isEnded) return;
    const packed = packDeliveries(requests);
    this.#post({ kind: 'deliveries', packed }, [packed.bodies]);
  }
}
