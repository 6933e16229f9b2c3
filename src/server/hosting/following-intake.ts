import type {
  ListenPlace,
  ListenState,
  WebhookIntake,
  WebhookReply,
  WebhookRequest,
} from '../../core/triggers/index.ts';

const NOBODY: WebhookReply = { status: 503, body: { error: 'The delivery could not be stored' } };

/** The intake of webhooks of whatever control center this process holds at the moment; of none, nothing is listened for. */
export class FollowingIntake implements WebhookIntake {
  readonly #followers = new Map<(place: ListenPlace | null) => void, () => void>();
  #source: WebhookIntake | null = null;

  /** From now on it is this one; null = this process holds no project. */
  take(source: WebhookIntake | null): void {
    this.#source = source;
    for (const listener of this.#followers.keys()) this.#listen(listener);
  }

  follow(listener: (place: ListenPlace | null) => void): () => void {
    const own = (place: ListenPlace | null): void => listener(place);
    this.#followers.set(own, () => undefined);
    this.#listen(own);
    return () => {
      this.#followers.get(own)?.();
      this.#followers.delete(own);
    };
  }

  report(state: ListenState | null, of: ListenPlace | null): void {
    this.#source?.report(state, of);
  }

  receive(request: WebhookRequest): Promise<WebhookReply> {
    return this.#source?.receive(request) ?? Promise.resolve(NOBODY);
  }

  #listen(listener: (place: ListenPlace | null) => void): void {
    this.#followers.get(listener)?.();
    if (this.#source !== null) this.#followers.set(listener, this.#source.follow(listener));
    else {
      this.#followers.set(listener, () => undefined);
      listener(null);
    }
  }
}
