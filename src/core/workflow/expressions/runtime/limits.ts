import { grouped } from '../../../../shared/grouped.ts';
import { limitFailure } from './failures.ts';

/** The caps of SPEC 2.3 "Limits". Each breach is `template.limit`. */
export interface Limits {
  /** Length of the source in characters. */
  readonly sourceLength: number;
  /** Words (names, operators, values) of one source: what a compiled form weighs hangs on them. */
  readonly words: number;
  /** Evaluation steps: outputs, loop turns, operators, calls, filters. */
  readonly steps: number;
  /** Nesting of expressions and statements, and of data that is walked. */
  readonly depth: number;
  /** Items that one `range` may hold. */
  readonly range: number;
  /** Characters of the output, and of any single text that is made. */
  readonly outputLength: number;
  readonly timeMs: number;
  /** Bytes of text and data that one evaluation may make or touch in all. */
  readonly bytes: number;
}

/** What one evaluation may take where nobody says otherwise. */
export const DEFAULT_LIMITS: Limits = {
  sourceLength: 256 * 1024,
  words: 100_000,
  steps: 100_000,
  depth: 64,
  range: 100_000,
  outputLength: 4 * 1024 * 1024,
  timeMs: 1000,
  bytes: 64 * 1024 * 1024,
};

/**
 * What one evaluation has used. Mutable on purpose: it is the hot path.
 *
 * How it stays true: all that templates call by name runs through `metered` (library), which charges what goes in and what
 * comes out; the kernels in `values/` charge what they walk, compare, build and write; statements charge what they output.
 * Joining two texts costs next to nothing, as it does in the machine (a rope); who looks at a text pays for all of it.
 */
export interface Meter {
  readonly limits: Limits;
  readonly startedAtMs: number;
  steps: number;
  /** The count of steps at which the clock is read next. */
  nextStepLook: number;
  bytes: number;
  /** The count of bytes at which the cap and the clock are looked at next. */
  nextByteLook: number;
}

const STEPS_BETWEEN_LOOKS = 200;
const BYTES_BETWEEN_LOOKS = 128 * 1024;

/** A fresh meter whose clock starts now. */
export function createMeter(limits: Limits): Meter {
  return {
    limits,
    startedAtMs: performance.now(),
    steps: 0,
    nextStepLook: Math.min(STEPS_BETWEEN_LOOKS, limits.steps + 1),
    bytes: 0,
    nextByteLook: Math.min(BYTES_BETWEEN_LOOKS, limits.bytes + 1),
  };
}

/** Counts steps from zero again: each text of a value has its own. */
export function resetSteps(meter: Meter): void {
  meter.steps = 0;
  meter.nextStepLook = Math.min(STEPS_BETWEEN_LOOKS, meter.limits.steps + 1);
}

function checkClock(meter: Meter): void {
  if (performance.now() - meter.startedAtMs > meter.limits.timeMs) {
    throw limitFailure(`The template ran longer than ${grouped(meter.limits.timeMs)} ms.`);
  }
}

function lookAtSteps(meter: Meter): void {
  if (meter.steps > meter.limits.steps) {
    throw limitFailure(`The template needs more than ${grouped(meter.limits.steps)} evaluation steps.`);
  }
  checkClock(meter);
  meter.nextStepLook = Math.min(meter.steps + STEPS_BETWEEN_LOOKS, meter.limits.steps + 1);
}

/** Counts one evaluation step. */
export function step(meter: Meter): void {
  meter.steps += 1;
  if (meter.steps >= meter.nextStepLook) lookAtSteps(meter);
}

function lookAtBytes(meter: Meter): void {
  const { bytes } = meter.limits;
  if (meter.bytes > bytes) throw limitFailure('The template makes or touches more text and data than it may.');
  checkClock(meter);
  meter.nextByteLook = Math.min(meter.bytes + BYTES_BETWEEN_LOOKS, bytes + 1);
}

/** Accounts for bytes that are made or touched; call it before they are. */
export function charge(meter: Meter, bytes: number): void {
  meter.bytes += bytes;
  if (meter.bytes >= meter.nextByteLook) lookAtBytes(meter);
}

/** Accounts for `count` items of a list or map before they are made, `each` bytes a piece (a slot is 8). */
export function chargeItems(meter: Meter, count: number, each = 8): void {
  charge(meter, count * each + 16);
}

/** Matches in no text that the machine holds in one byte a character, and says so without looking at it. */
const WIDE = /[^\0-\xff]/;
const SHORT = 256;

/** Whether the machine may hold a text in two bytes a character. */
export function isWide(text: string): boolean {
  return WIDE.test(text);
}

/** Accounts for a look at a whole text. A text that was joined of others is copied by the machine when it is looked at. */
export function touch(meter: Meter, text: string): void {
  if (text.length <= SHORT) {
    charge(meter, text.length * 2);
    return;
  }
  charge(meter, text.length);
  if (isWide(text)) charge(meter, text.length);
}

/** Refuses a text that would be longer than the output cap; call it before the text is built. */
export function checkTextLength(meter: Meter, length: number): void {
  if (length > meter.limits.outputLength) {
    throw limitFailure(`A text may hold ${grouped(meter.limits.outputLength)} characters at most.`);
  }
}

/** Refuses data nested deeper than the cap. */
export function checkDepth(meter: Meter, depth: number): void {
  if (depth > meter.limits.depth) throw limitFailure(`Data may be nested ${meter.limits.depth} levels deep at most.`);
}
