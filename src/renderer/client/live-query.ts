import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LiveEvent } from '../../shared/contract/index.ts';
import { createFrameQueue, type FrameQueue } from './frame-queue.ts';
import { listenLive } from './live.ts';
import type { LiveMessage } from './live-batch.ts';
import { failed, type Loadable, loading, ready } from './loadable.ts';
import { createRefetcher } from './refetcher.ts';

/** How a query is answered and kept true. `K` says of what: a run's id, a filter; `null` where there is only one. */
export interface LiveQuerySpec<T, K> {
  /** The snapshot; `before` is what the screen shows so far. */
  readonly ask: (key: K, before: T | null) => Promise<T>;
  /** Events after which the snapshot is asked for again: at once, or soon, however many of them follow each other. */
  readonly dueOn?: (event: LiveEvent, key: K) => 'now' | 'soon' | null;
  /** How late `soon` is. */
  readonly soonMs?: number;
  /** Lays events over a value, once a frame. The very same value when none of them is newer than it, or about it. */
  readonly apply?: (value: T, events: readonly LiveEvent[], key: K) => T;
  /** True when events brought what only a fresh snapshot tells in full. */
  readonly needsSnapshot?: (before: T, after: T) => boolean;
  /** A wait before the first request about another key, for keys that change faster than it is worth asking. */
  readonly settleMs?: number;
}

export interface QueryState<T, K> {
  /** What `data` is about; null before the first opening. */
  readonly key: K | null;
  readonly data: Loadable<T>;
}

export interface LiveQuery<T, K> {
  readonly store: StoreApi<QueryState<T, K>>;
  /** Follows this from now on; what is shown of the same key stays meanwhile. Returns the way to stop. */
  open(key: K): () => void;
  /** Asks for the snapshot again, while it is open. */
  refresh(): Promise<void>;
  /** Changes the value that is shown; nothing happens while there is none. */
  change(by: (value: T) => T): void;
}

const isEvent = (message: LiveMessage): message is LiveEvent => message.kind !== 'resync';

/**
 * One question to the engine whose answer stays true: snapshot, position, gap, error, retry.
 * Invariants: 1. It listens before it asks. 2. What arrives while a snapshot is on its way is laid over it. 3. After a gap, a
 * reconnect or another project the snapshot is asked for again. 4. An error keeps the value that is shown. 5. An answer to a key
 * that was left is dropped. 6. One request at a time; all that is asked meanwhile is one request more.
 */
export function createLiveQuery<T, K = null>(spec: LiveQuerySpec<T, K>): LiveQuery<T, K> {
  const store = createStore<QueryState<T, K>>(() => ({ key: null, data: loading() }));
  let current: Opening<T, K> | null = null;
  return {
    store,
    open(key) {
      current?.close();
      if (!Object.is(store.getState().key, key)) store.setState({ key, data: loading() });
      const opening = new Opening(spec, key, store);
      current = opening;
      return () => {
        opening.close();
        if (current === opening) current = null;
      };
    },
    refresh: async () => current?.refresh(),
    change(by) {
      const { value } = store.getState().data;
      if (value !== null) store.setState({ data: ready(by(value)) });
    },
  };
}

/** A query while a screen shows it. */
class Opening<T, K> {
  private readonly spec: LiveQuerySpec<T, K>;
  private readonly key: K;
  private readonly store: StoreApi<QueryState<T, K>>;
  private readonly frames: FrameQueue<LiveEvent>;
  private readonly stopListening: () => void;
  private readonly refetch = createRefetcher(() => this.fetchOnce());
  private isOpen = true;
  /** Events since the request that is on its way. */
  private meanwhile: LiveEvent[] | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(spec: LiveQuerySpec<T, K>, key: K, store: StoreApi<QueryState<T, K>>) {
    this.spec = spec;
    this.key = key;
    this.store = store;
    this.frames = createFrameQueue<LiveEvent>((events) => this.lay(events));
    this.stopListening = listenLive((messages) => this.hear(messages));
    const isKnown = store.getState().data.value !== null;
    if (spec.settleMs === undefined || isKnown) void this.refetch();
    else this.refreshIn(spec.settleMs);
  }

  close(): void {
    this.isOpen = false;
    this.stopListening();
    this.frames.close();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  refresh(): Promise<void> {
    return this.refetch();
  }

  private hear(messages: readonly LiveMessage[]): void {
    const events = messages.filter(isEvent);
    if (this.spec.apply !== undefined) {
      this.meanwhile?.push(...events);
      this.frames.push(events);
    }
    if (messages.some(({ kind }) => kind === 'project')) this.store.setState({ data: loading() });
    const due = messages.map((message) =>
      isEvent(message) && message.kind !== 'project' ? this.spec.dueOn?.(message, this.key) : 'now',
    );
    if (due.includes('now')) void this.refetch();
    else if (due.includes('soon')) this.refreshIn(this.spec.soonMs ?? 0);
  }

  /** A timer that runs is never set anew: who asks again and again must not put the answer off. */
  private refreshIn(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.refetch();
    }, delayMs);
  }

  private async fetchOnce(): Promise<void> {
    const meanwhile: LiveEvent[] = [];
    this.meanwhile = meanwhile;
    try {
      const answer = await this.spec.ask(this.key, this.store.getState().data.value);
      if (!this.isOpen) return;
      const value = this.spec.apply?.(answer, meanwhile, this.key) ?? answer;
      this.store.setState({ data: ready(value) });
      if (this.spec.needsSnapshot?.(answer, value) === true) void this.refetch();
    } catch (thrown) {
      if (this.isOpen) this.store.setState(({ data }) => ({ data: failed(thrown, data.value) }));
    } finally {
      this.meanwhile = null;
    }
  }

  private lay(events: readonly LiveEvent[]): void {
    const { data } = this.store.getState();
    if (data.value === null) return;
    const value = this.spec.apply?.(data.value, events, this.key) ?? data.value;
    if (value === data.value) return;
    this.store.setState({ data: { ...data, value } });
    if (this.spec.needsSnapshot?.(data.value, value) === true) void this.refetch();
  }
}
