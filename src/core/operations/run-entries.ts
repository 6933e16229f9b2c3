import { EventEntries, entryOfLine, type LogEntry } from '../run-texts/index.ts';
import type { Store } from '../storage/index.ts';

const EVENTS_A_READ = 200;

/** Reads what an execution log says of a run, stretch by stretch, from its journal and what it said by `workflow.log`. */
export class RunEntries {
  readonly #store: Pick<Store, 'journal' | 'logs'>;
  readonly #runId: string;
  readonly #entries = new EventEntries();
  #seq = 0;
  #line = 0;

  constructor(store: Pick<Store, 'journal' | 'logs'>, runId: string) {
    this.#store = store;
    this.#runId = runId;
  }

  /** Some that were read by now are of agents. */
  get hasAgents(): boolean {
    return this.#entries.hasAgents;
  }

  /** The next ones in the order of their instants, up to what is stored by now; others have their turn before. */
  async next(): Promise<{ readonly entries: readonly LogEntry[]; readonly isEnd: boolean }> {
    await turnOver();
    const { journal, logs } = this.#store;
    const events = journal.readRun(this.#runId, this.#seq, EVENTS_A_READ);
    const isEnd = events.length < EVENTS_A_READ;
    const until = isEnd ? Number.POSITIVE_INFINITY : (events.at(-1)?.at ?? 0);
    const entries = events.map((stored) => this.#entries.of(stored)).filter((entry) => entry !== null);
    this.#seq = events.at(-1)?.seq ?? this.#seq;
    for (let isMore = true; isMore; ) {
      const { lines, through } = logs.said(this.#runId, this.#line);
      const beyond = lines.find(({ at }) => at > until);
      const end = beyond === undefined ? through : beyond.line - 1;
      for (const line of lines)
        if (line.line <= end) entries.push({ ...entryOfLine(line), ...this.#entries.agentOf(line.path) });
      isMore = through > this.#line && beyond === undefined;
      this.#line = end;
      if (isMore) await turnOver();
    }
    logs.letGo(this.#runId);
    return { entries: entries.toSorted((one, other) => one.at - other.at), isEnd };
  }
}

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
