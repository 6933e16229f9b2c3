import { AppError } from '../../shared/errors.ts';
import type { WaitpointOpened } from '../../shared/model/events.ts';
import type { StepWarning, WaitsFor } from '../../shared/model/run.ts';
import type { AttemptSettler } from './attempt-settler.ts';
import { isPause, type PauseEvaluator, type PauseStep, pauseRulesOf } from './kinds/index.ts';
import { type Playback, type PlayedRest, REPLAYED } from './playback.ts';
import type { PlacedStep } from './ports.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { StepRecord } from './run-state.ts';
import type { CompletedStep, UndoPlanner } from './undo-attempt.ts';
import type { Resting } from './walk.ts';

interface KeeperOptions {
  readonly recorder: RunRecorder;
  readonly settler: AttemptSettler;
  readonly undoFor: UndoPlanner;
  /** What is worked out for a step that rests, as of now. */
  readonly evaluator: (frame: string, path: string) => PauseEvaluator;
  readonly playback?: Playback;
}

const WAITS_FOR: Readonly<Record<PauseStep['kind'], WaitsFor>> = {
  wait: 'time',
  approval: 'approval',
  workflow: 'child',
};

/** It is answered from a recording, and others were answered before. */
const ITS_TURN: Resting = { for: 'time', until: null };

/** Looks after the steps that rest until something comes (SPEC §1.4 `wait`, `approval`): lets them begin, asks whether it has come, ends them. */
export class PauseKeeper {
  readonly #options: KeeperOptions;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Writes down that a step that has begun rests. */
  open(event: WaitpointOpened): void {
    this.#options.recorder.emit(event);
  }

  /** The same of a step that is answered from a recording: nobody is asked, and no other run is started. */
  openPlayed(one: PlacedStep, before: StepRecord | undefined, opened: WaitpointOpened): void {
    const { type, path, attempt, since } = opened;
    this.#options.recorder.emit({ type, path, attempt, since, dueAt: null });
    const drift = this.#options.playback?.restDrift(before, one.step.kind, opened) ?? null;
    if (drift !== null) this.#fail(one, { attempt }, drift, []);
  }

  /** How a recording says that the question was asked anew; null = it was not. */
  reopened(record: StepRecord): Extract<PlayedRest['end'], { status: 'reopened' }> | null {
    const played = this.#played(record);
    return played?.end.status === 'reopened' ? played.end : null;
  }

  #played(record: StepRecord): PlayedRest | null {
    const { playback } = this.#options;
    return playback?.covers(record.path) === true ? playback.restOf(record) : null;
  }

  /** Ends the step as it ended when it was recorded. */
  #play(one: PlacedStep, { path, attempt }: StepRecord, { by, status, end }: PlayedRest): void {
    const { recorder } = this.#options;
    recorder.emit({ type: 'waitpoint.resolved', path, attempt, by, ...(status === undefined ? {} : { status }) });
    if (end.status === 'failed') this.#fail(one, { attempt }, end.error, []);
    else if (end.status === 'completed')
      recorder.emit({
        ...{ type: 'step.completed', path, attempt, output: end.output, outputs: null, variables: null },
        ...{ warnings: [], metadata: REPLAYED },
      });
  }

  /** Ends the step when what it waits for has come. */
  look(one: PlacedStep, record: StepRecord, warnings: () => readonly StepWarning[]): Resting | null {
    if (this.#options.playback?.covers(record.path) === true) {
      const played = this.#played(record);
      if (played === null) return ITS_TURN;
      this.#play(one, record, played);
      return null;
    }
    const resting = this.resolve(one, record);
    // Looking may have found something odd.
    if (resting === null) this.#end(one, record, warnings());
    return resting;
  }

  /** Writes down what has come, if it has; the step's end is the walk's. */
  resolve(one: PlacedStep, record: StepRecord): Resting | null {
    const { step, path, frame } = one;
    const { waitpoint, attempt } = record;
    if (waitpoint === null || !isPause(step)) throw new Error(`${path} does not rest`);
    if (waitpoint.resolved !== null) return null;
    let look: ReturnType<ReturnType<typeof pauseRulesOf>['look']>;
    try {
      look = pauseRulesOf(step).look(step, waitpoint, this.#options.evaluator(frame, path));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#fail(one, record, error, []);
      return null;
    }
    const { awaits } = waitpoint;
    if (look.kind === 'wait')
      return { for: awaits === null ? WAITS_FOR[step.kind] : 'event', until: look.until, awaits };
    const { by, status, event } = look;
    this.#options.recorder.emit({
      type: 'waitpoint.resolved',
      path,
      attempt,
      by,
      ...(status === undefined ? {} : { status }),
      ...(event === undefined ? {} : { event }),
    });
    return null;
  }

  #end(one: PlacedStep, record: StepRecord, warnings: readonly StepWarning[]): void {
    const { step, path } = one;
    const { waitpoint, attempt } = record;
    // Its failure may be written already: what it waits for could not be worked out.
    if (record.status !== 'waiting' || waitpoint === null || !isPause(step)) return;
    const end = pauseRulesOf(step).end(step, waitpoint);
    if (end.kind === 'fail') this.#fail(one, record, new AppError(end.code, end.message, end), warnings);
    else
      this.#options.recorder.emit({
        type: 'step.completed',
        path,
        attempt,
        output: end.output,
        outputs: null,
        variables: null,
        warnings: end.warning === undefined ? warnings : [...warnings, end.warning],
        ...this.#options.undoFor(pausedStep(one, record), end.output),
      });
  }

  #fail(
    { step, path }: PlacedStep,
    { attempt }: Pick<StepRecord, 'attempt'>,
    error: AppError,
    warnings: readonly StepWarning[],
  ): void {
    this.#options.settler.fail(
      { step, path, attempt, role: 'main', isRepeatable: false, agent: null },
      error,
      warnings,
    );
  }
}

/** A step that rested has done nothing itself; what a run of its own did follows from its kind. */
const pausedStep = ({ step, path }: PlacedStep, { now }: StepRecord): CompletedStep => ({
  ...{ step, path, now: now ?? 0, role: 'main' },
  isHarmless: true,
  isEffect: false,
});
