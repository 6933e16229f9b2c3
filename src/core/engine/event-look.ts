import { toErrorRecord } from '../../shared/errors.ts';
import type { EventCame, WaitpointOpened } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Condition } from '../../shared/model/workflow.ts';
import type { LogStore } from '../storage/index.ts';
import { childScope, evaluateCondition } from '../workflow/index.ts';
import type { RunNames } from './block-context.ts';
import type { RunPlanning } from './plan.ts';
import type { Arrival, EngineHost, EnginePorts, EventInbox } from './ports.ts';
import type { RunState, WaitpointRecord } from './run-state.ts';
import { createStepLog } from './step-log.ts';

interface LookOptions {
  readonly inbox: EventInbox;
  readonly logs: LogStore;
  readonly host: Pick<EngineHost, 'redact'>;
  readonly ports: Pick<EnginePorts, 'now'>;
  readonly state: () => RunState;
  readonly planning: RunPlanning;
  readonly names: RunNames;
  readonly mark: <T>(work: () => T) => T;
}

/** A step that waits for an event, as it is looked at. */
export interface EventWaiter {
  readonly path: string;
  readonly frame: string;
  readonly waitpoint: WaitpointRecord;
  readonly match: Condition | undefined;
  readonly now: number;
  readonly warn: (warning: StepWarning) => void;
}

/**
 * Looks in the inbox for what a step waits for (SPEC §1.4 `wait`). What came since the run was started counts, so that an answer that is
 * quicker than the step is not lost; what started the run does not, nor what another wait of the run has taken, nor what came too late.
 */
export class EventLook {
  readonly #options: LookOptions;
  /** Step -> the newest delivery that it has been asked about. */
  readonly #seen = new Map<string, number>();

  constructor(options: LookOptions) {
    this.#options = options;
  }

  /** A step begins to wait: where nothing can come, its log says so, for it would wait in vain. */
  opened({ path, awaits }: WaitpointOpened): void {
    const { inbox, logs, host, ports, state } = this.#options;
    const problem = awaits === undefined ? null : inbox.problemAt(awaits);
    if (problem === null) return;
    createStepLog({ logs, runId: state().runId, path, now: ports.now, host }).log('log', problem, 'warning');
  }

  /** The first delivery that the step waits for; null = none has come. */
  first(waiter: EventWaiter): EventCame | null {
    const { path, waitpoint } = waiter;
    if (waitpoint.awaits === null) return null;
    const { createdAt: since } = this.#options.state();
    const behind = this.#seen.get(path) ?? 0;
    for (const arrival of this.#options.inbox.arrivals(waitpoint.awaits, { since, behind })) {
      this.#seen.set(path, arrival.no);
      if (this.#isWanted(waiter, arrival)) return { id: arrival.id, data: arrival.data };
    }
    return null;
  }

  /** Whether a step waits for what has come; without it, for anything that came since the run was started. */
  isHeard(now: number, arrival?: Arrival): boolean {
    const warn = (): void => undefined;
    for (const { path, frame, status, waitpoint } of this.#options.state().steps.notPutAway()) {
      const step = this.#options.planning.at(path)?.step;
      if (status !== 'waiting' || waitpoint?.awaits == null || waitpoint.resolved !== null) continue;
      if (step?.kind !== 'wait' || step.detail.mode !== 'event') continue;
      const waiter: EventWaiter = { path, frame, waitpoint, match: step.detail.match, now, warn };
      if (arrival === undefined ? this.first(waiter) !== null : this.#isWanted(waiter, arrival)) return true;
    }
    return false;
  }

  #isWanted({ waitpoint, match, frame, now, warn }: EventWaiter, arrival: Arrival): boolean {
    const { mark, names } = this.#options;
    const { taken, created } = this.#options.state();
    const { id, path, receivedAt, data } = arrival;
    if (path !== waitpoint.awaits || taken.has(id) || created.startKey === `delivery:${id}`) return false;
    if (waitpoint.dueAt !== null && receivedAt > waitpoint.dueAt) return false;
    if (match === undefined) return true;
    try {
      return mark(() => evaluateCondition(match, childScope(names.scopeIn(frame, now), data), { now })).value;
    } catch (error) {
      // What others send is no reason to fail: it is not what is waited for.
      const { code, message } = toErrorRecord(error);
      warn({ code, message: `What came as ${id} cannot be held against 'match': ${message}` });
      return false;
    }
  }
}
