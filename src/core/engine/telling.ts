import type { EngineHost } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';

/**
 * Lets nothing of a run begin before its control center elsewhere is sure to hear of it (SPEC §8). What is called off meanwhile is waited for
 * no longer.
 */
export class Telling {
  readonly #host: Pick<EngineHost, 'untilTold'>;
  #waiting = new AbortController();

  constructor(host: Pick<EngineHost, 'untilTold'>) {
    this.#host = host;
  }

  /** Null = nobody has to be told. */
  begin(runId: string): Promise<void> | null {
    this.#waiting = new AbortController();
    return this.#host.untilTold(runId, this.#waiting.signal);
  }

  /** The same, until it is told or nothing begins any more. */
  async until(runId: string, first: Promise<void> | null, begins: () => boolean): Promise<void> {
    for (let waiting = first; waiting !== null; waiting = this.begin(runId)) {
      await waiting;
      if (!this.#waiting.signal.aborted || !begins()) return;
    }
  }

  /** Of a run that an interruption left: that it goes on is durable, and told, before anything of it is looked up. */
  ofReturn(recorder: RunRecorder, begins: () => boolean): Promise<void> | null {
    const { runId } = recorder.state;
    if (this.begin(runId) === null) return null;
    return recorder.commit().then(() => this.until(runId, this.begin(runId), begins));
  }

  /** What was to begin may not any more: it is looked at again. */
  lookAgain(): void {
    this.#waiting.abort();
  }
}
