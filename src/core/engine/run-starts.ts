import type { StepStarted } from '../../shared/model/events.ts';
import type { EnginePorts, RunnableVersion } from './ports.ts';
import { newRunId } from './run-id.ts';
import type { RunRecorder } from './run-recorder.ts';
import { createdEvent, type StartRequest } from './start-request.ts';
import type { TriggerBreaker } from './trigger-breaker.ts';

interface StartPorts {
  readonly ports: EnginePorts;
  readonly breaker: Pick<TriggerBreaker, 'admit'>;
  readonly refuseWhenClosed: () => void;
  readonly findByStartKey: (startKey: string) => string | null;
  /** True for the id of a run that there is. */
  readonly isTaken: (runId: string) => boolean;
  /** What other runs of the workflow have to do first; null = nothing. */
  readonly makeWay: (request: StartRequest) => Promise<unknown> | null;
  readonly recorder: (runId: string) => RunRecorder;
  readonly launch: (recorder: RunRecorder, version: RunnableVersion, interrupted: readonly StepStarted[]) => void;
}

/** The one way in for every start: with a key it makes one run, however often and by how many it is asked for. */
export class RunStarts {
  readonly #engine: StartPorts;
  /** Starts with a key that are not durable yet. */
  readonly #starting = new Map<string, Promise<{ readonly runId: string }>>();

  constructor(engine: StartPorts) {
    this.#engine = engine;
  }

  /**
   * Resolves when the run and the start of its first step are durable. A start key that is known, or on its way, gives that run. Errors:
   * `engine.stopped`, `workflow.breaker_open`, `run.already_running`, `file.disk_full`, `store.busy`.
   */
  async start(request: StartRequest): Promise<{ readonly runId: string }> {
    const { refuseWhenClosed, findByStartKey } = this.#engine;
    refuseWhenClosed();
    const startKey = request.startKey ?? null;
    if (startKey === null) return this.#begin(request, null);
    const known = findByStartKey(startKey);
    if (known !== null) return { runId: known };
    let starting = this.#starting.get(startKey);
    if (starting === undefined) {
      starting = this.#begin(request, startKey).finally(() => this.#starting.delete(startKey));
      this.#starting.set(startKey, starting);
    }
    return starting;
  }

  async #begin(request: StartRequest, startKey: string | null): Promise<{ readonly runId: string }> {
    const { ports, breaker, isTaken, makeWay, recorder: open, launch } = this.#engine;
    const endOfStart = breaker.admit(request);
    let hasBegun = false;
    try {
      const way = makeWay(request);
      if (way !== null) await way;
      const at = request.keyedAt ?? ports.now();
      const runId = request.runId ?? newRunId(request.version.workflow.id, startKey, { ports, isTaken, at });
      const recorder = open(runId);
      recorder.emit(createdEvent(runId, request, startKey), request.actor);
      recorder.emit({ type: 'run.started' }, request.actor);
      launch(recorder, request.version, []);
      await recorder.durable();
      hasBegun = true;
      return { runId };
    } finally {
      endOfStart(hasBegun);
    }
  }
}
