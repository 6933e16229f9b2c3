import { AppError } from '../../shared/errors.ts';
import { type BreakerStore, Breakers, WORKFLOW_BREAKER } from '../breakers/index.ts';
import type { RunState } from './run-state.ts';
import type { StartRequest } from './start-request.ts';

/** A start was let through: `hasBegun` says whether there is a run whose end will be the verdict. */
export type EndOfStart = (hasBegun: boolean) => void;

const NOTHING: EndOfStart = () => undefined;

/**
 * The breaker of each workflow (SPEC §3.5): after five runs in a row that failed no trigger starts it for 30 seconds, then three may try.
 * It holds back triggers only, never a person's start and no run that a step of another asks for. Every run that ends counts, whoever
 * started it; one that was called off says nothing.
 */
export class TriggerBreaker {
  readonly #breakers: Breakers;
  readonly #onBug: (error: unknown) => void;

  constructor(options: {
    readonly store: BreakerStore;
    readonly now: () => number;
    readonly onBug: (error: unknown) => void;
  }) {
    const { store, now, onBug } = options;
    this.#onBug = onBug;
    this.#breakers = new Breakers({ kind: 'workflow', settings: WORKFLOW_BREAKER, store, now, onSaveFailed: onBug });
  }

  /** Lets a start through, or not: `workflow.breaker_open`. */
  admit({
    trigger,
    parent,
    version,
    actor,
  }: Pick<StartRequest, 'trigger' | 'parent' | 'version' | 'actor'>): EndOfStart {
    if (trigger.type === 'manual' || actor.kind === 'user' || parent !== undefined) return NOTHING;
    const { id } = version.workflow;
    const pass = this.#breakers.begin(id);
    if (pass !== null) return (hasBegun) => this.#breakers.end(id, pass, hasBegun);
    const { opensAgainAt } = this.#breakers.status(id);
    const again = opensAgainAt === null ? 'in a moment' : `at ${new Date(opensAgainAt).toISOString()}`;
    throw new AppError('workflow.breaker_open', 'Circuit breaker is open - too many recent failures', {
      hint: `Look at its failed runs. Triggers may start it again ${again}, or at once after 'aiworkflow workflow reset ${id}'.`,
      details: { workflow: id },
    });
  }

  /** A run has ended. Never throws: a verdict that cannot be stored is no reason to keep the run. */
  count({ status, created }: Pick<RunState, 'status' | 'created'>): void {
    if (created.parentRunId !== null || status === 'cancelled') return;
    try {
      this.#breakers.count(created.workflowId, status === 'completed' ? 'success' : 'failure');
    } catch (error) {
      this.#onBug(error);
    }
  }

  /** Closes it by hand. */
  reset(workflowId: string): void {
    this.#breakers.reset(workflowId);
  }
}
