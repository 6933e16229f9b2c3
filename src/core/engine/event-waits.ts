import { AppError } from '../../shared/errors.ts';
import type { Arrival } from './ports.ts';
import { nullWhenGone } from './refusals.ts';
import type { ActPorts } from './run-acts.ts';
import type { RunState, StepRecord } from './run-state.ts';

interface EventWaitPorts extends Pick<ActPorts, 'turns' | 'live' | 'load' | 'versionOf' | 'driver'> {
  readonly liveRuns: () => Iterable<RunState>;
  readonly stateOf: (runId: string) => RunState;
  /** Rows of runs that wait for something to come at a webhook. */
  readonly hearing: () => readonly { readonly runId: string; readonly workflowId: string; readonly hears: string }[];
  /** Lets a run look whether it waits for what came; without it, in the inbox. */
  readonly hear: (runId: string, arrival?: Arrival) => Promise<void>;
  readonly isClosing: () => boolean;
  readonly onBug: (error: unknown) => void;
}

/**
 * Wakes the runs that wait for what comes at webhooks. What came is stored before anybody is told, and a run that is driven looks in the inbox
 * itself: a word that is lost in a crash is made good by `recover`. A run takes a delivery once, for its fold knows which it has taken.
 */
export class EventWaits {
  readonly #ports: EventWaitPorts;

  constructor(ports: EventWaitPorts) {
    this.#ports = ports;
  }

  /** Something was stored that came at a path: every run that waits for it goes on. It is read where anybody waits there. */
  tell(path: string, read: () => Arrival): void {
    const hearers = this.#hearers(path);
    if (hearers.size === 0) return;
    const arrival = read();
    for (const runId of hearers) this.#hear(runId, arrival);
  }

  /** Looks for what came while nobody was there. */
  recover(): void {
    for (const { runId } of this.#ports.hearing()) this.#hear(runId);
  }

  /** A run of this workflow that waits for it, so that it goes on instead of another being started; null = none does. */
  async takerOf(workflowId: string, path: string, read: () => Arrival): Promise<string | null> {
    const { turns, stateOf } = this.#ports;
    const hearers = this.#hearers(path);
    if (hearers.size === 0) return null;
    const arrival = read();
    for (const runId of hearers) {
      if (stateOf(runId).created.workflowId !== workflowId) continue;
      if (await turns.take(runId, () => this.#isHeard(runId, arrival))) return runId;
    }
    return null;
  }

  async #isHeard(runId: string, arrival: Arrival): Promise<boolean> {
    const { live, load, versionOf, driver } = this.#ports;
    const driven = live(runId);
    if (driven !== undefined) return driven.driver.isHeard(arrival);
    const { recorder } = load(runId);
    const version = await versionOf(recorder).catch(nullWhenGone);
    return version !== null && driver(recorder, version).isHeard(arrival);
  }

  #hearers(path: string): ReadonlySet<string> {
    const rows = this.#ports.hearing().filter(({ hears }) => hears.split(' ').includes(path));
    const live = [...this.#ports.liveRuns()].filter(({ steps }) => hasOpenWait(steps.notPutAway(), path));
    return new Set([...rows, ...live].map(({ runId }) => runId));
  }

  #hear(runId: string, arrival?: Arrival): void {
    this.#ports.hear(runId, arrival).catch((error) => {
      // The next engine looks.
      if (error instanceof AppError && (error.code === 'engine.stopped' || this.#ports.isClosing())) return;
      this.#ports.onBug(error);
    });
  }
}

function hasOpenWait(records: Iterable<StepRecord>, path: string): boolean {
  for (const { status, waitpoint } of records)
    if (status === 'waiting' && waitpoint?.awaits === path && waitpoint.resolved === null) return true;
  return false;
}
