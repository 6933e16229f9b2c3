import type {
  AgentCallRepriced,
  FilesDeclined,
  FilesOffered,
  FilesUndoEnded,
  FilesUndoStarted,
  RunEnded,
  StepStarted,
} from '../../shared/model/events.ts';
import type { Actor, RunStatus } from '../../shared/model/run.ts';
import type { ApprovalWord } from './approval-request.ts';
import type { DoubtDecision } from './engine-options.ts';
import { cancelRun } from './finish.ts';
import { openRollback } from './fold-rollback.ts';
import { stepsBehind } from './plan-rollback.ts';
import type { RunnableVersion } from './ports.ts';
import { illegalState, nullWhenGone, requireDoubt, waitHint } from './refusals.ts';
import { isRollingBack, wasRolledBack } from './rollbacks.ts';
import type { RunDriver } from './run-driver.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { LoadedRun } from './run-recovery.ts';
import { isEnded, isResting, ROOT, type RunState } from './run-state.ts';
import type { RunTurns } from './run-turns.ts';

/** What acts of people need of the engine. */
export interface ActPorts {
  readonly turns: RunTurns;
  readonly live: (runId: string) => { readonly driver: RunDriver; readonly recorder: RunRecorder } | undefined;
  /** Resolves when a run that comes to rest has been let go of. */
  readonly letRest: (runId: string) => Promise<void>;
  readonly load: (runId: string) => LoadedRun;
  readonly versionOf: (recorder: RunRecorder) => Promise<RunnableVersion>;
  readonly driver: (recorder: RunRecorder, version: RunnableVersion) => RunDriver;
  readonly launch: (recorder: RunRecorder, version: RunnableVersion, interrupted: readonly StepStarted[]) => void;
  readonly keep: (recorder: RunRecorder) => void;
  /** Ends a run that nobody can drive, and tells those who wait for it. */
  readonly end: (recorder: RunRecorder, event: RunEnded) => Promise<void>;
  /** Whether nobody goes on with a run that would go on by itself (SPEC §3.8). */
  readonly isLeft: (state: RunState) => boolean;
  readonly refuseWhenClosed: () => void;
}

type FilesUndo = FilesUndoStarted | FilesUndoEnded | FilesOffered | FilesDeclined;

const RETRY_INSTEAD = 'Retry it: a new run does what was undone once more.';

/** What a person does to a run: each takes the run's turn, looks at it as it is then, and is durable when it resolves. */
export class RunActs {
  readonly #engine: ActPorts;

  constructor(engine: ActPorts) {
    this.#engine = engine;
  }

  /**
   * Resume from failed, cancelled, paused and in doubt, and of a run that whoever drove it, or was to wake it, has left (SPEC §3.8).
   * Errors: `run.not_found`, `run.illegal_state`, `engine.stopped`, `workflow.version_not_found`.
   */
  resume(runId: string, actor: Actor): Promise<void> {
    const { turns, letRest, versionOf, launch, isLeft } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const { recorder, interrupted } = this.#loadIdle(runId, 'Wait for it, or cancel it first.');
      const { status } = recorder.state;
      if (status === 'completed') throw illegalState(runId, 'has completed', 'Use retry or replay to run it again.');
      if (status === 'waiting' && !isLeft(recorder.state))
        throw illegalState(runId, 'is waiting', waitHint(recorder.state));
      if (isEnded(status) && wasRolledBack(recorder.state)) throw illegalState(runId, 'was rolled back', RETRY_INSTEAD);
      if (isEnded(status) && isRollingBack(recorder.state))
        throw illegalState(runId, 'is being rolled back', 'Wait for the end of that, or go on with it.');
      const version = await versionOf(recorder);
      const isOrphan = status === 'running' || status === 'pending';
      const type = isOrphan ? 'run.recovered' : status === 'waiting' ? 'run.woken' : 'run.resumed';
      recorder.emit({ type }, actor);
      launch(recorder, version, interrupted);
      await recorder.durable();
    });
  }

  /**
   * Cancels a run and gives its status at that moment; an attempt that nobody drives is looked up first. One whose version is gone ends
   * at once: what its `finally` were is not known any more. Durable when it resolves. Errors: `run.not_found`, `run.illegal_state` (it has ended), `engine.stopped`.
   */
  cancel(runId: string, actor: Actor): Promise<string> {
    const { turns, live, letRest, load, versionOf, launch, end } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const driven = live(runId);
      if (driven !== undefined) {
        await driven.driver.cancel(actor);
        return driven.recorder.state.status;
      }
      const { recorder, interrupted } = load(runId);
      const { status } = recorder.state;
      if (isEnded(status))
        throw illegalState(runId, `has already ended (${status})`, 'There is nothing left to cancel.');
      const version = await versionOf(recorder).catch(nullWhenGone);
      // It is at work on what follows: steps of `finally`, and what is undone.
      if (isResting(status)) recorder.emit({ type: 'run.woken' }, actor);
      recorder.emit({ type: 'run.cancel_requested' }, actor);
      if (version === null) await end(recorder, cancelRun(recorder.state));
      else launch(recorder, version, interrupted);
      await recorder.durable();
      return recorder.state.status;
    });
  }

  /** Lets the running step end and begins no other; a waiting run is not woken any more. Errors: `run.illegal_state` for every other. */
  pause(runId: string, actor: Actor): Promise<string> {
    const { turns, live, letRest, load, keep } = this.#engine;
    return turns.take(runId, async () => {
      if (live(runId)?.recorder.state.status === 'waiting') await letRest(runId);
      const driven = live(runId);
      if (driven !== undefined) {
        await driven.driver.pause(actor);
        return driven.recorder.state.status;
      }
      const { recorder } = load(runId);
      const { status } = recorder.state;
      if (status !== 'waiting') throw illegalState(runId, 'is not running', 'Only a running run can be paused.');
      recorder.emit({ type: 'run.paused' }, actor);
      await recorder.commit();
      keep(recorder);
      return recorder.state.status;
    });
  }

  /**
   * A person's word about a request of a run: one commit with what follows from it and the run's wake-up, so it counts once (SPEC §12.2).
   * `check` looks at the request as it is then and throws what is wrong. Gives the run's status. Errors: `run.not_found`,
   * `engine.stopped`, `approval.no_revision`, those of `check`.
   */
  decide(runId: string, word: ApprovalWord, check: (state: RunState) => void, actor: Actor): Promise<RunStatus> {
    const { turns, live, letRest, load, versionOf, launch, driver, keep, refuseWhenClosed } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      refuseWhenClosed();
      const driven = live(runId);
      if (driven !== undefined) {
        check(driven.recorder.state);
        await driven.driver.decide(word, actor);
        return driven.recorder.state.status;
      }
      const { recorder, interrupted } = load(runId);
      check(recorder.state);
      const version = await versionOf(recorder);
      const isWoken = recorder.state.status === 'waiting' || recorder.state.status === 'in_doubt';
      if (isWoken) recorder.emit({ type: 'run.woken' }, actor);
      await driver(recorder, version).decide(word, actor);
      if (isWoken) launch(recorder, version, interrupted);
      else keep(recorder);
      await recorder.durable();
      return recorder.state.status;
    });
  }

  /**
   * Undoes what a run that has ended has left behind, `to` = only behind this step, and goes on with a rollback that was cut short. Its
   * status stays. Errors: `run.not_found`, `run.illegal_state`, `step.not_found`, `engine.stopped`, `workflow.version_not_found`.
   */
  rollback(runId: string, to: string | null, actor: Actor): Promise<void> {
    const { turns, letRest, versionOf, launch } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const { recorder, interrupted } = this.#loadIdle(runId, 'Wait for it, or cancel it first.');
      const { state } = recorder;
      if (!isEnded(state.status)) throw illegalState(runId, 'has not ended', 'Cancel it first, or wait for its end.');
      const open = openRollback(state, ROOT);
      if (open?.isInDoubt === true)
        throw illegalState(runId, 'waits for a decision about an undo', 'Decide about it first.');
      const version = await versionOf(recorder);
      const steps = stepsBehind(state, version.workflow, to).map(({ path }) => path);
      if (open !== null) recorder.emit({ type: 'run.recovered' }, actor);
      else if (steps.length === 0) throw illegalState(runId, 'has nothing to undo', 'Its steps left nothing behind.');
      else recorder.emit({ type: 'rollback.started', owner: ROOT, by: 'person', to, steps }, actor);
      launch(recorder, version, interrupted);
      await recorder.durable();
    });
  }

  /**
   * Does something about what a run that has ended has left behind, in its turn; what it hands to `write` is durable when that resolves.
   * Errors: `run.not_found`, `run.illegal_state`, `engine.stopped`, those of `work`.
   */
  afterEnd(
    runId: string,
    work: (write: (event: FilesUndo) => Promise<void>) => Promise<void>,
    actor: Actor,
  ): Promise<void> {
    const { turns, letRest, keep } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const { recorder } = this.#loadIdle(runId, 'Wait for it, or cancel it first.');
      const { state } = recorder;
      if (!isEnded(state.status)) throw illegalState(runId, 'has not ended', 'Cancel it first, or wait for its end.');
      if (isRollingBack(state)) throw illegalState(runId, 'is being rolled back', 'Wait for the end of that.');
      try {
        await work((event) => {
          recorder.emit(event, actor);
          return recorder.commit();
        });
      } finally {
        keep(recorder);
      }
    });
  }

  /** A person's decision about a step in doubt; the run then goes on by itself. Errors: those of `resume`. */
  resolve(runId: string, decision: DoubtDecision, actor: Actor): Promise<string> {
    const { turns, letRest, versionOf, driver, launch } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const { recorder } = this.#loadIdle(runId, 'It waits for no decision.');
      requireDoubt(recorder.state, decision.path);
      const version = await versionOf(recorder);
      await driver(recorder, version).resolveDoubt(decision.path, decision, actor);
      launch(recorder, version, []);
      await recorder.durable();
      return recorder.state.status;
    });
  }

  /** Writes down that calls of a run cost something else, whatever it does meanwhile. Errors: `run.not_found`, `engine.stopped`. */
  reprice(runId: string, calls: readonly Omit<AgentCallRepriced, 'type'>[], actor: Actor): Promise<void> {
    const { turns, live, load, keep, refuseWhenClosed } = this.#engine;
    return turns.take(runId, async () => {
      refuseWhenClosed();
      const driven = live(runId);
      const recorder = driven?.recorder ?? load(runId).recorder;
      for (const call of calls) recorder.emit({ type: 'agent.call_repriced', ...call }, actor);
      await recorder.commit();
      if (driven === undefined) keep(recorder);
    });
  }

  /** A run that nobody drives. */
  #loadIdle(runId: string, hint: string): LoadedRun {
    const { live, load, refuseWhenClosed } = this.#engine;
    refuseWhenClosed();
    if (live(runId) !== undefined) throw illegalState(runId, 'is running', hint);
    return load(runId);
  }
}
