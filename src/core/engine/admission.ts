import { AppError } from '../../shared/errors.ts';
import type { StepStarted } from '../../shared/model/events.ts';
import type { Actor, TurnWait } from '../../shared/model/run.ts';
import type { Store } from '../storage/index.ts';
import { type Candidate, Lanes, type RunLimits } from './lanes.ts';
import type { EngineHost, RunnableVersion } from './ports.ts';
import { nullWhenGone } from './refusals.ts';
import type { ActPorts } from './run-acts.ts';
import type { LoadedRun } from './run-recovery.ts';
import { isEnded, type RunState } from './run-state.ts';
import type { StartRequest } from './start-request.ts';

/** What the admission of runs needs of the engine. */
export interface AdmissionPorts extends Pick<ActPorts, 'turns' | 'live' | 'load'> {
  /** How many runs are driven at once (`workflows.max_concurrent`). */
  readonly maxRuns: number;
  readonly limits: RunLimits | undefined;
  readonly runs: Pick<Store['runs'], 'queued' | 'waitingOf'>;
  readonly host: Pick<EngineHost, 'loadVersion'>;
  /** Drives a run that waited, whose turn is taken. */
  readonly goOn: (loaded: LoadedRun) => Promise<void>;
  readonly liveRuns: () => Iterable<RunState>;
  readonly stateOf: (runId: string) => RunState;
  readonly cancel: (runId: string, actor: Actor) => Promise<unknown>;
  readonly isClosing: () => boolean;
  readonly onBug: (error: unknown) => void;
}

/**
 * The one way from a start, a resume or a wake-up to being driven: `execution.concurrency` of the workflow, then a lane. Who cannot be
 * driven now has a row that says so (`waiting`, for its turn), in this engine and in the next.
 */
export class Admission {
  readonly #ports: AdmissionPorts;
  readonly #lanes: Lanes;

  constructor(ports: AdmissionPorts) {
    this.#ports = ports;
    this.#lanes = new Lanes({
      limit: ports.maxRuns,
      limits: ports.limits ?? { workflows: new Map(), tags: new Map() },
      hasOther: (workflowId, runId) => this.#othersOf(workflowId, runId).length > 0,
      admit: (runId) => void this.#admit(runId).catch((error) => this.#onError(error)),
    });
  }

  /** How many runs wait for their turn. */
  get size(): number {
    return this.#lanes.size;
  }

  /** See {@link Lanes.free}. */
  get freeLanes(): number {
    return this.#lanes.free;
  }

  /** See {@link Lanes.fullTags}. */
  get fullTags(): readonly string[] {
    return this.#lanes.fullTags;
  }

  /** See {@link Lanes.waitOf}. */
  waitOf(runId: string): TurnWait | null {
    return this.#lanes.waitOf(runId);
  }

  /**
   * What `execution.concurrency` says about a start beside other runs of the workflow; null = nothing has to be waited for. Errors:
   * `run.already_running`.
   */
  makeWay({ version, actor, trigger }: StartRequest): Promise<unknown> | null {
    // A replay does nothing that could meet what another run does.
    if (trigger.type === 'replay') return null;
    const { id, name, execution } = version.workflow;
    if (execution.concurrency !== 'skip' && execution.concurrency !== 'cancel_previous') return null;
    const [first, ...rest] = this.#othersOf(id, '');
    if (first === undefined) return null;
    if (execution.concurrency === 'skip')
      throw new AppError('run.already_running', `'${name}' is already running: ${first}`, {
        hint: 'Wait for that run or cancel it. The workflow says concurrency: skip.',
        details: { run_id: first },
      });
    return Promise.all([first, ...rest].map((runId) => this.#ports.cancel(runId, actor).catch(ignoreEnded)));
  }

  /** Whether a run waits for its turn here. */
  has(runId: string): boolean {
    return this.#lanes.has(runId);
  }

  /** Whether a run may be driven now; where it may not, it has its place among those that wait. */
  mayGo(state: RunState, { workflow }: RunnableVersion, interrupted: readonly StepStarted[]): boolean {
    const { runId, created, cancelRequested, status } = state;
    const isReplay = created.trigger.type === 'replay';
    const candidate = candidateOf({ runId, workflowId: created.workflowId }, workflow, isReplay);
    // What takes something back waits for nobody.
    if (!cancelRequested && !isEnded(status) && interrupted.length === 0) return this.#lanes.take(candidate);
    this.#lanes.insist(candidate);
    return true;
  }

  /** The run is not driven any more. */
  release(runId: string): void {
    this.#lanes.release(runId);
  }

  /** Those that waited for their turn when the engine before went have their places again; one whose version is gone, to fail in its turn. */
  async takeOver(): Promise<void> {
    const { runs, host, stateOf, onBug } = this.#ports;
    for (const { runId, workflowId } of runs.queued()) {
      try {
        const version = await host.loadVersion(stateOf(runId).created).catch(nullWhenGone);
        this.#lanes.enqueue(candidateOf({ runId, workflowId }, version?.workflow ?? null, false));
      } catch (error) {
        onBug(error);
      }
    }
    this.#lanes.look();
  }

  close(): void {
    this.#lanes.close();
  }

  /** The turn of a run has come; it may have been paused or called off meanwhile. */
  #admit(runId: string): Promise<void> {
    const { turns, live, load, goOn, stateOf, isClosing } = this.#ports;
    return turns.take(runId, async () => {
      if (isClosing()) return;
      if (live(runId) !== undefined || stateOf(runId).waitsFor !== 'queue') return this.#lanes.leaveQueue(runId);
      await goOn(load(runId));
    });
  }

  /** Other runs of a workflow that are driven, or wait for something else than their turn. */
  #othersOf(workflowId: string, runId: string): readonly string[] {
    const live = [...this.#ports.liveRuns()].filter(
      ({ created }) => created.workflowId === workflowId && created.trigger.type !== 'replay',
    );
    const ids = [...live.map((state) => state.runId), ...this.#ports.runs.waitingOf(workflowId)];
    return [...new Set(ids)].filter((id) => id !== runId);
  }

  #onError(error: unknown): void {
    // The next engine gives it its place again.
    if (!this.#ports.isClosing()) this.#ports.onBug(error);
  }
}

/** A replay does nothing that could meet what another run does, and needs nothing that a tag stands for. */
const candidateOf = (
  run: Pick<Candidate, 'runId' | 'workflowId'>,
  workflow: RunnableVersion['workflow'] | null,
  isReplay: boolean,
): Candidate => ({
  ...run,
  isAlone: !isReplay && workflow !== null && workflow.execution.concurrency !== 'allow',
  tags: isReplay ? [] : (workflow?.execution.tags ?? []),
});

/** It has ended by itself before it was called off. */
const ignoreEnded = (error: unknown): void => {
  if (!(error instanceof AppError && error.code === 'run.illegal_state')) throw error;
};
