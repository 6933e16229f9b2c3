import { outOfTime } from './finish.ts';
import type { OpenAttemptSet } from './open-attempts.ts';
import type { Playback } from './playback.ts';
import type { RunState } from './run-state.ts';
import type { Walk } from './walk.ts';

/** Where a run that is answered from a recording stands between two walks. */
export interface PlayedRun {
  readonly state: RunState;
  readonly walk: Walk;
  readonly open: Pick<OpenAttemptSet, 'size' | 'nudge'>;
  /** Nothing begins: it is paused, or its host goes down. */
  readonly isHeld: boolean;
  readonly isTimeUp: boolean;
}

/** True while it goes on by itself: a step that rests waits for its turn, or an instant counts as passed at once. */
export function playsOn(playback: Playback | undefined, { state, walk, isHeld }: PlayedRun): boolean {
  if (playback === undefined || isHeld) return false;
  return playback.turns.hasResting(state) || (walk.wakeAt !== null && playback.rushes(state));
}

/**
 * What a recording answers comes in the order in which it came, and what the run waited for comes at once. True = what ended the run then
 * was its time limit, which called everything off that is left.
 */
export function playOn(playback: Playback | undefined, { state, walk, open, isHeld, isTimeUp }: PlayedRun): boolean {
  if (playback === undefined) return false;
  const wakeAt = playback.rushes(state) ? walk.wakeAt : null;
  const turn = playback.turns.give({ state, open: open.size, wakeAt, isHeld });
  if (turn !== 'none') open.nudge();
  if (turn !== 'stuck' || walk.wakeAt !== null) return false;
  if (!isTimeUp && outOfTime(state).message === playback.lastWord) return true;
  playback.turns.giveUp();
  return false;
}
