import type { RunEvent, StoredEvent } from '../../../shared/model/events.ts';
import { isEnded } from '../../engine/index.ts';
import { withoutSigns } from '../../governance/index.ts';
import type { RemoteChannel, RemoteRecord, Told } from '../../queue/index.ts';
import type { RemoteRun } from '../../storage/index.ts';
import type { ProjectSession } from '../project-session.ts';

const EVENTS_AT_ONCE = 200;
const LINES_AT_ONCE = 1_000;
/** Lines and what agents say are told at the latest so much later; what is joined until then goes as one. */
const SAY_AFTER_MS = 500;
/** While the server is gone: how soon it is tried again. */
const TRY_AGAIN_MS = 1_000;

interface TellerOptions {
  readonly session: ProjectSession;
  readonly channel: RemoteChannel;
  readonly worker: Told['worker'];
  /** All is told, and the run has ended. */
  readonly onEnd: () => void;
  /** Another has the run by now. */
  readonly onLost: (reason: string) => void;
}

/**
 * Tells the control center of one run what happens to it here: its events as soon as they are committed, lines and conversations beside them.
 * What the server of the queue has confirmed is remembered, so a worker that was killed goes on there; what is told twice is written once.
 */
export class RunTeller {
  readonly #options: TellerOptions;
  readonly #waiting = new Set<{ readonly seq: number; readonly resolve: () => void }>();
  #run: RemoteRun;
  #isTelling = false;
  #hasMore = false;
  #isClosed = false;
  #saidAt = 0;
  #stopTimer: (() => void) | null = null;

  constructor(run: RemoteRun, options: TellerOptions) {
    this.#run = run;
    this.#options = options;
  }

  /** Resolves when all that is committed by now is told, or the signal says that nobody waits any more. */
  untilTold(signal: AbortSignal): Promise<void> {
    const seq = this.#options.session.store.journal.countRun(this.#run.runId);
    if (seq <= this.#run.seq || signal.aborted) return Promise.resolve();
    const told = Promise.withResolvers<void>();
    const one = { seq, resolve: () => told.resolve() };
    this.#waiting.add(one);
    signal.addEventListener('abort', one.resolve, { once: true });
    this.look();
    return told.promise.finally(() => {
      this.#waiting.delete(one);
      signal.removeEventListener('abort', one.resolve);
    });
  }

  /** Something was committed or said, or the server is there again. */
  look(): void {
    this.#hasMore = true;
    if (this.#isTelling || this.#isClosed) return;
    this.#isTelling = true;
    this.#tellAll()
      .catch(() => this.#lookIn(TRY_AGAIN_MS))
      .finally(() => {
        this.#isTelling = false;
        if (this.#hasMore) this.look();
      });
  }

  /** What was told from there on did not arrive. */
  tellAgain(from: { readonly seq: number; readonly line: number; readonly entry: number }): void {
    const { seq, line, entry } = this.#run;
    const back = (known: number, first: number): number => Math.min(known, first - 1);
    this.#keep({ seq: back(seq, from.seq), line: back(line, from.line), entry: back(entry, from.entry) });
    this.#saidAt = 0;
    this.look();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
    for (const { resolve } of this.#waiting) resolve();
  }

  async #tellAll(): Promise<void> {
    const { session, onEnd } = this.#options;
    while (this.#hasMore && !this.#isClosed) {
      this.#hasMore = false;
      const status = session.store.runs.find(this.#run.runId)?.status;
      const hasEnded = status !== undefined && isEnded(status);
      for (let isMore = true; isMore && !this.#isClosed; ) isMore = await this.#tellSome(hasEnded);
      if (this.#isClosed) return;
      const isAll = this.#run.seq >= session.store.journal.countRun(this.#run.runId);
      if (hasEnded && isAll && !this.#hasMore) return onEnd();
    }
  }

  /** False = there is nothing more to tell now. */
  async #tellSome(hasEnded: boolean): Promise<boolean> {
    const { session, channel, worker, onLost } = this.#options;
    const { runId, messageId, home, seq } = this.#run;
    const events = session.store.journal.readRun(runId, seq, EVENTS_AT_ONCE);
    const said = this.#said(hasEnded);
    const records = [...events.map((one) => this.#recordOf(one)), ...said.records];
    if (records.length === 0) return false;
    const text = JSON.stringify({ home, worker, records } satisfies Told);
    if (!(await channel.tell(home, { messageId, worker: worker.id }, text))) {
      onLost('Another goes on with it: it was silent for too long.');
      return false;
    }
    this.#keep({ seq: events.at(-1)?.seq ?? seq, line: said.line, entry: said.entry });
    return events.length === EVENTS_AT_ONCE || said.isMore;
  }

  /** Lines and entries, now and then: what is read while it goes on is cut in two. */
  #said(hasEnded: boolean): {
    readonly records: readonly RemoteRecord[];
    line: number;
    entry: number;
    isMore: boolean;
  } {
    const { store, clock } = this.#options.session;
    const { runId, line, entry } = this.#run;
    const inMs = this.#saidAt + SAY_AFTER_MS - clock.now();
    if (!hasEnded && inMs > 0) {
      this.#lookIn(inMs);
      return { records: [], line, entry, isMore: false };
    }
    this.#saidAt = clock.now();
    const last = hasEnded ? store.logs.total(runId) : store.logs.lastSettled(runId);
    const lines = store.logs
      .read(runId, { from: line + 1, limit: LINES_AT_ONCE })
      .lines.filter((one) => one.line <= last);
    const { entries } = store.conversations.read(runId, { from: entry + 1, limit: LINES_AT_ONCE });
    const records = [
      ...(lines.length === 0 ? [] : [this.#record(line + 1, 'log', this.#saidAt, { lines: lines.map(bare) })]),
      ...(entries.length === 0
        ? []
        : [
            this.#record(entry + 1, 'conversation', this.#saidAt, {
              entries: entries.map(({ entry: _no, ...one }) => one),
            }),
          ]),
    ];
    const isMore = lines.length === LINES_AT_ONCE || entries.length === LINES_AT_ONCE;
    return { records, line: line + lines.length, entry: entry + entries.length, isMore };
  }

  #recordOf({ seq, at, v, actor, event }: StoredEvent<RunEvent>): RemoteRecord {
    return this.#record(seq, event.type, at, { v, actor, event });
  }

  /** Known secrets are taken out once more: a message holds none. */
  #record(seq: number, type: string, at: number, data: object): RemoteRecord {
    const { messageId, runId } = this.#run;
    const clean = withoutSigns(this.#options.session.host.redact(data)) as RemoteRecord['data'];
    return { message_id: messageId, run_id: runId, seq, type, at, data: clean };
  }

  #keep(known: Pick<RemoteRun, 'seq' | 'line' | 'entry'>): void {
    this.#options.session.store.remoteRuns.change(this.#run.messageId, known);
    this.#run = { ...this.#run, ...known };
    for (const { seq, resolve } of this.#waiting) if (seq <= known.seq) resolve();
  }

  #lookIn(ms: number): void {
    if (this.#isClosed) return;
    this.#stopTimer ??= this.#options.session.clock.setTimer(ms, () => {
      this.#stopTimer = null;
      this.look();
    });
  }
}

const bare = ({
  at,
  path,
  stream,
  level,
  text,
}: {
  at: number;
  path: string;
  stream: string;
  level: string;
  text: string;
}) => ({
  ...{ at, path, stream, level, text },
});
