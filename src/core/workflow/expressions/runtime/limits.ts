import { limitFailure } from './failures.ts';

/** The caps of SPEC 2.3 "Limits". Each breach is `template.limit`. */
export interface Limits {
  /** Length of the source in characters. */
  readonly sourceLength: number;
  /** Evaluation steps: outputs, loop turns, operators, calls, filters. */
  readonly steps: number;
  /** Nesting of expressions and statements, and of data that is walked. */
  readonly depth: number;
  /** Items that one `range` may hold. */
  readonly range: number;
  /** Characters of the output, and of any single text value. */
  readonly outputLength: number;
  readonly timeMs: number;
  /** Characters and list slots (8 each) that one evaluation may create in all; keeps memory small. */
  readonly memory: number;
}

export const DEFAULT_LIMITS: Limits = {
  sourceLength: 256 * 1024,
  steps: 100_000,
  depth: 64,
  range: 100_000,
  outputLength: 4 * 1024 * 1024,
  timeMs: 1000,
  memory: 64 * 1024 * 1024,
};

/** Counters of one evaluation. Mutable on purpose: it is the hot path. */
export interface Budget {
  readonly limits: Limits;
  readonly startedAtMs: number;
  steps: number;
  /** The count of steps at which the clock is read next. */
  nextCheck: number;
  memory: number;
  /** Work on data that is left until the clock is read again. */
  workLeft: number;
}

const STEPS_BETWEEN_CLOCKS = 200;
const WORK_BETWEEN_CLOCKS = 256 * 1024;

/** A fresh budget whose clock starts now. */
export function createBudget(limits: Limits): Budget {
  return {
    limits,
    startedAtMs: performance.now(),
    steps: 0,
    nextCheck: STEPS_BETWEEN_CLOCKS,
    memory: 0,
    workLeft: WORK_BETWEEN_CLOCKS,
  };
}

function checkClock(budget: Budget): void {
  if (performance.now() - budget.startedAtMs > budget.limits.timeMs) {
    throw limitFailure(`The template ran longer than ${budget.limits.timeMs} ms.`);
  }
}

function checkSteps(budget: Budget): void {
  if (budget.steps > budget.limits.steps) {
    throw limitFailure(`The template needs more than ${budget.limits.steps} evaluation steps.`);
  }
  checkClock(budget);
  budget.nextCheck = Math.min(budget.steps + STEPS_BETWEEN_CLOCKS, budget.limits.steps + 1);
}

/** Counts one evaluation step. */
export function step(budget: Budget): void {
  budget.steps += 1;
  if (budget.steps >= budget.nextCheck) checkSteps(budget);
}

/** Accounts for a walk over `size` characters or items that creates nothing: now and then the clock is read. */
export function work(budget: Budget, size: number): void {
  budget.workLeft -= size;
  if (budget.workLeft > 0) return;
  checkClock(budget);
  budget.workLeft = WORK_BETWEEN_CLOCKS;
}

/** Accounts for work that creates `size` characters (8 per list slot). */
export function charge(budget: Budget, size: number): void {
  budget.memory += size;
  if (budget.memory > budget.limits.memory) throw limitFailure('The template creates more data than it may.');
  work(budget, size);
}

/** Accounts for `count` slots of a list or map before it is created. */
export function chargeSlots(budget: Budget, count: number): void {
  charge(budget, count * 8 + 16);
}

/** Refuses a text that would be longer than the output cap; call it before the text is built. */
export function checkTextLength(budget: Budget, length: number): void {
  if (length > budget.limits.outputLength) {
    throw limitFailure(`A text may hold ${budget.limits.outputLength} characters at most.`);
  }
}

/** As `checkTextLength`, and accounts for the work on the text. */
export function chargeText(budget: Budget, length: number): void {
  checkTextLength(budget, length);
  charge(budget, length);
}

/** Refuses data nested deeper than the cap. */
export function checkDepth(budget: Budget, depth: number): void {
  if (depth > budget.limits.depth) throw limitFailure(`Data may be nested ${budget.limits.depth} levels deep at most.`);
}
