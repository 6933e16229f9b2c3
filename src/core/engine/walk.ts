import type { StepWarning, WaitsFor } from '../../shared/model/run.ts';
import type { Attempt } from './attempt.ts';
import type { BlockEnd } from './attempt-settler.ts';
import type { PlacedStep } from './ports.ts';

/** An attempt that may begin once its start is durable. */
export interface AttemptStart {
  readonly attempt: Attempt;
  readonly warnings: readonly StepWarning[];
  /** It belongs to a `finally`: only the end of the host calls it off. */
  readonly isShielded: boolean;
}

/** A block that is through but for its `output_file`. */
export interface BlockWrite {
  readonly one: PlacedStep;
  readonly end: BlockEnd;
  readonly isShielded: boolean;
}

/** What a walk through the tree has found. */
export interface Walk {
  readonly starts: readonly AttemptStart[];
  /** Blocks that are through once their output is written to a file. */
  readonly writes: readonly BlockWrite[];
  /** The first instant at which something goes on by itself, UTC ms. */
  readonly wakeAt: number | null;
  /** What steps rest for, a person's decision first; null = none rests. */
  readonly waitsFor: WaitsFor | null;
  /** Paths of webhooks at which steps wait for a delivery. */
  readonly hears: readonly string[];
  readonly hasDoubt: boolean;
  /** Paths of the steps whose run is to be looked after, and of those whose run is called off. */
  readonly children: readonly string[];
  readonly calledOff: readonly string[];
}

/** What a run that waits for several things is said to wait for. */
const FIRST_OF_WAITS: readonly WaitsFor[] = ['approval', 'child', 'event', 'time'];

/** What a step rests for, and until when at the latest, UTC ms. */
export interface Resting {
  readonly for: WaitsFor;
  readonly until: number | null;
  /** The path of the webhook at which it waits for a delivery. */
  readonly awaits?: string | null;
}

/** What a walk finds, while it is on its way. */
export class Findings implements Walk {
  starts: AttemptStart[] = [];
  writes: BlockWrite[] = [];
  wakeAt: number | null = null;
  waitsFor: WaitsFor | null = null;
  hasDoubt = false;
  hears: readonly string[] = [];
  children: string[] = [];
  readonly calledOff: string[] = [];
  readonly #rests = new Map<string, Resting>();

  wakeBy(at: number): void {
    this.wakeAt = this.wakeAt === null ? at : Math.min(this.wakeAt, at);
  }

  /** A step rests, as far as the walk has come: another one may still call it off. */
  rests(path: string, resting: Resting): void {
    this.#rests.set(path, resting);
  }

  /** The walk is over: what rests now counts, and nothing that was called off on the way. */
  settle(isResting: (path: string) => boolean): void {
    const rests = [...this.#rests].filter(([path]) => isResting(path) && !this.calledOff.includes(path));
    for (const [, { until }] of rests) if (until !== null) this.wakeBy(until);
    this.children = rests.flatMap(([path, resting]) => (resting.for === 'child' ? [path] : []));
    this.hears = [...new Set(rests.flatMap(([, { awaits }]) => awaits ?? []))];
    this.waitsFor = FIRST_OF_WAITS.find((what) => rests.some(([, resting]) => resting.for === what)) ?? null;
  }
}

/** How the tree is walked. */
export interface WalkMode {
  /** The run is called off: nothing but `finally` begins. */
  readonly isClosing: boolean;
  /** Nothing begins at all. */
  readonly isHeld: boolean;
}

/** The attempts that are being made, as far as the walk needs them. */
export interface OpenAttempts {
  has(path: string): boolean;
  callOff(path: string): void;
}
