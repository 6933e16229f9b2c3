import type { LiveEvent } from '../shared/contract/index.ts';
import type { RunStatus, RunSummary, StepState } from '../shared/model/run.ts';
import type { OpenClient } from './doors.ts';
import { durationText, type Output } from './output.ts';

const RESTING: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'cancelled', 'paused', 'in_doubt', 'waiting']);
const MARKS: Readonly<Record<string, string>> = {
  completed: '✓',
  failed: '✗',
  skipped: '–',
  cancelled: '■',
  in_doubt: '?',
  running: '…',
};

/**
 * Follows a run until it rests and shows its steps (and with `--verbose` its log) on stderr. The first Ctrl-C cancels the run, the
 * second ends this process. Resolves with the run's header at rest and whether it was interrupted.
 */
export async function watchRun(
  client: OpenClient,
  runId: string,
  output: Output,
): Promise<{ readonly run: RunSummary; readonly wasInterrupted: boolean }> {
  const follower = new RunFollower(client, runId, output);
  let wasInterrupted = false;
  const onInterrupt = (): void => {
    if (wasInterrupted) process.exit(130);
    wasInterrupted = true;
    output.progress('Cancelling the run … (again to stop at once)');
    client.call('runs.cancel', { runId }).catch(() => undefined);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    return { run: await follower.untilRest(), wasInterrupted };
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

class RunFollower {
  readonly #client: OpenClient;
  readonly #runId: string;
  readonly #output: Output;
  readonly #shown = new Map<string, string>();
  #total = 0;
  #logFrom = 1;
  #reading: Promise<void> = Promise.resolve();

  constructor(client: OpenClient, runId: string, output: Output) {
    this.#client = client;
    this.#runId = runId;
    this.#output = output;
  }

  async untilRest(): Promise<RunSummary> {
    const { promise, resolve } = Promise.withResolvers<RunSummary>();
    const stop = this.#client.subscribe((batch) => {
      for (const event of batch.events) this.#take(event, resolve);
    });
    try {
      const view = await this.#client.call('runs.get', { runId: this.#runId });
      this.#total = view.run.stepsTotal;
      for (const step of view.steps) this.#showStep(step);
      if (RESTING.has(view.run.status)) resolve(view.run);
      const run = await promise;
      await this.#readLog();
      return run;
    } finally {
      stop();
    }
  }

  #take(event: LiveEvent, rest: (run: RunSummary) => void): void {
    if (event.kind === 'log' && event.runId === this.#runId) void this.#readLog();
    if (event.kind !== 'run' || event.run.runId !== this.#runId) return;
    this.#total = event.run.stepsTotal;
    for (const step of event.steps) this.#showStep(step);
    if (RESTING.has(event.run.status)) rest(event.run);
  }

  #showStep(step: StepState): void {
    const state = `${step.status}:${step.attempt}:${step.retryAt ?? ''}`;
    if (step.status === 'pending' && step.retryAt === null) return;
    if (this.#shown.get(step.path) === state) return;
    this.#shown.set(step.path, state);
    if (step.status === 'running' && process.stderr.isTTY !== true) return;
    const took =
      step.startedAt !== null && step.completedAt !== null
        ? ` ${durationText((step.completedAt - step.startedAt) / 1000)}`
        : '';
    const mark = step.retryAt === null ? (MARKS[step.status] ?? '·') : '↻';
    const why =
      step.error === null
        ? step.skipReason === null
          ? ''
          : ` (${step.skipReason.replaceAll('_', ' ')})`
        : `: ${step.error.message}`;
    this.#output.progress(`${mark} ${step.index + 1}/${this.#total} ${step.name}${took}${why}`);
  }

  /** New log lines, one read at a time, in order. */
  #readLog(): Promise<void> {
    if (!this.#output.options.verbose) return Promise.resolve();
    this.#reading = this.#reading.then(async () => {
      for (;;) {
        const { lines } = await this.#client.call('runs.log', { runId: this.#runId, from: this.#logFrom, limit: 1000 });
        for (const line of lines) this.#output.progress(`    ${line.path} ${line.text}`);
        this.#logFrom += lines.length;
        if (lines.length < 1000) return;
      }
    });
    return this.#reading;
  }
}
