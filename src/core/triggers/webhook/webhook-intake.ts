import { REPLIES } from './replies.ts';
import type { WebhookReply, WebhookRequest } from './webhook-request.ts';

/** Where deliveries are to be listened for. Port 0 = any that is free. */
export interface ListenPlace {
  readonly host: string;
  readonly port: number;
}

/** What became of it. `message` is a sentence for operators. */
export type ListenState =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * What the process that holds the project needs to listen for webhooks. It is no operation of the contract: no door offers it, so that
 * nobody but a listener of the same process hands deliveries in.
 */
export interface WebhookIntake {
  /** Hears where to listen, at once and after each change; null = nowhere. Returns the way to stop hearing. */
  follow(listener: (place: ListenPlace | null) => void): () => void;
  /** Says what became of the wish to listen at `of`; null = nobody listens any more. */
  report(state: ListenState | null, of: ListenPlace | null): void;
  /** Checks and stores a delivery; never rejects. */
  receive(request: WebhookRequest): Promise<WebhookReply>;
}

/** The receiver of an open project. */
export interface IntakeUser {
  listening(state: ListenState | null): void;
  receive(request: WebhookRequest): Promise<WebhookReply>;
}

/** The intake of a control center over the projects that it opens: the one that spoke last is served. */
export class WebhookIntakeHub implements WebhookIntake {
  readonly #followers = new Set<(place: ListenPlace | null) => void>();
  #user: IntakeUser | null = null;
  #place: ListenPlace | null = null;
  #state: ListenState | null = null;

  /** A project wants its deliveries listened for there, or nowhere. */
  want(user: IntakeUser, place: ListenPlace | null): void {
    this.#user = user;
    if (isSame(place, this.#place)) {
      user.listening(this.#state);
      return;
    }
    this.#place = place;
    this.#state = null;
    for (const follower of this.#followers) follower(place);
  }

  /** A project is closed. */
  leave(user: IntakeUser): void {
    if (this.#user !== user) return;
    this.want(user, null);
    this.#user = null;
  }

  /** Whether anybody would listen. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  follow(listener: (place: ListenPlace | null) => void): () => void {
    this.#followers.add(listener);
    listener(this.#place);
    return () => this.#followers.delete(listener);
  }

  report(state: ListenState | null, of: ListenPlace | null): void {
    // What became of an earlier wish says nothing of this one.
    if (!isSame(of, this.#place)) return;
    this.#state = state;
    this.#user?.listening(state);
  }

  async receive(request: WebhookRequest): Promise<WebhookReply> {
    return this.#user === null ? REPLIES.unknown : this.#user.receive(request);
  }
}

const isSame = (one: ListenPlace | null, other: ListenPlace | null): boolean =>
  one?.host === other?.host && one?.port === other?.port;
