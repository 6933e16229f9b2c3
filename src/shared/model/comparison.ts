import type { ErrorRecord } from '../errors.ts';
import type { Json } from '../json.ts';
import type { RunCost } from './cost.ts';
import type { Outcome, RunStatus, StepStatus } from './run.ts';

/** A value that is another one; absent on a side = it is not there. */
export interface ValueChange {
  /** JSON pointer; `''` = the whole value. */
  readonly at: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** In what a step of two runs differs. `reached` = it began in one of them alone. */
export type StepDifference = 'reached' | 'status' | 'action' | 'agent' | 'inputs' | 'output' | 'error';

/** What a step did in one of two runs, as its events say it. */
export interface StepTrail {
  readonly name: string;
  readonly action: string;
  readonly status: StepStatus;
  readonly agent: { readonly name: string; readonly model: string | null } | null;
  readonly error: ErrorRecord | null;
  /** From its first beginning to its end; null = it has not ended, or did nothing. */
  readonly durationMs: number | null;
}

/** One step in two runs; null = it was never looked at there. */
export interface ComparedStep {
  readonly path: string;
  readonly before: StepTrail | null;
  readonly after: StepTrail | null;
  /** Empty = it did the same. */
  readonly differs: readonly StepDifference[];
  /** At most 20 of each. */
  readonly inputs: readonly ValueChange[];
  readonly output: readonly ValueChange[];
}

/** One of two runs that are compared. */
export interface ComparedRun {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
  /** UTC ms. */
  readonly createdAt: number;
  readonly workedMs: number;
  readonly cost: RunCost;
  readonly versionHash: string;
  readonly versionLabel: string;
}

/** What may be another one between two runs. */
export type ComparedFact = 'version' | 'inputs' | 'agent' | 'tools' | 'environment' | 'trigger' | 'timing';

/** Something of a fact that is another one between two runs. */
export interface FactChange {
  /** A step with its key, a file, an input, the name of a tool; `''` = the order of the steps. */
  readonly of: string;
  /** `moved` = the steps stand in another order. */
  readonly is: 'new' | 'gone' | 'other' | 'moved';
  /** Of `other`, as text; null = nothing stood there, absent = it is not told. */
  readonly before?: string | null;
  readonly after?: string | null;
}

/** A fact of two runs, from what was written down of them. */
export interface FactComparison {
  readonly fact: ComparedFact;
  readonly isChanged: boolean;
  readonly before: string;
  readonly after: string;
  /** What in it is another one, at most 20. */
  readonly changes: readonly FactChange[];
}

/** Two runs side by side (SPEC §3.9). */
export interface RunComparison {
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  /** In the order in which the later run, then the earlier one, came to them. */
  readonly steps: readonly ComparedStep[];
  /** The path of the first step that differs; null = none does. */
  readonly first: string | null;
  readonly facts: readonly FactComparison[];
  /** More steps than are compared. */
  readonly isCut: boolean;
}
