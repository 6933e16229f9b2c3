import { type Json, type JsonMap, pointerKey } from '../json.ts';
import type { EffectClass } from './events.ts';
import type { StepKind } from './workflow.ts';

/** Whether a step will be reached, as far as the inputs decide it. */
export type PlannedReach = 'yes' | 'maybe' | 'no';

/** How often, from least to most; `high` null = nobody knows. */
export interface PlannedTurns {
  readonly low: number;
  readonly high: number | null;
}

/** A step of a plan, at its place in the tree. */
export interface PlannedRow {
  readonly step_id: string;
  /** As the path of the later run; `[*]` stands for turns of which nobody knows the number, `/` for the run of a sub-workflow. */
  readonly path: string;
  /** Steps around it. */
  readonly depth: number;
  /** The part of the step around it: `then`, `case:paid`, `branch:tests`, `body`, `catch:0` …; null at the top. */
  readonly group: string | null;
  readonly kind: StepKind;
  readonly name: string;
  /** Rendered where the inputs tell it. */
  readonly action: string;
  /** Its own conditions. */
  readonly condition: 'met' | 'unmet' | 'unknown' | 'none';
  /** With all that stands around it. */
  readonly reached: PlannedReach;
  readonly effect: EffectClass | 'unknown';
  /** What is known is rendered; what is not stands as it is written. */
  readonly inputs: JsonMap;
  /** JSON pointers of the values in `inputs` that only the run can tell; `''` = all of them. */
  readonly unknown: readonly string[];
  readonly agent: { readonly name: string; readonly model: string | null } | null;
  /** Of a loop. */
  readonly turns: PlannedTurns | null;
  /** What it would fail with, as far as that is known now. */
  readonly problem: string | null;
}

/** A step that asks a person. */
export interface PlannedApproval {
  readonly path: string;
  readonly title: string;
  /** Empty = whoever may approve. */
  readonly approvers: readonly string[];
  readonly min_approvals: number;
  /** Null = it waits for ever. */
  readonly expires_in_seconds: number | null;
  readonly on_expire: 'fail' | 'continue';
  readonly reached: PlannedReach;
}

/** What a run names of the world around it, as its files say it. All sorted. */
export interface PlannedTouches {
  readonly tools: readonly string[];
  readonly hosts: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly secrets: readonly string[];
  readonly agents: readonly string[];
  readonly workflows: readonly string[];
}

/** USD as decimal text; null = no price. */
export interface PlannedCost {
  readonly low: string | null;
  readonly typical: string | null;
  readonly high: string | null;
  /** Calls of agents. */
  readonly calls: { readonly low: number; readonly high: number };
  /** Loops or sub-workflows may make it more. */
  readonly is_open: boolean;
  readonly based_on: 'history' | 'plan';
}

/** `run --dry-run` and the plan before a start (SPEC §13): the whole tree, conditions and arguments as far as the inputs decide them. */
export interface RunPlan {
  readonly dry_run: true;
  /** Of the version, what it calls, the inputs, the agent and the known arguments: the same plan has the same hash. */
  readonly hash: string;
  readonly workflow: {
    readonly id: string;
    readonly name: string;
    /** At the top. */
    readonly steps: number;
    readonly version: string;
    readonly version_hash: string;
  };
  /** What the run would be given, its defaults with it; `[secret:NAME]` stands for secret ones. */
  readonly inputs: JsonMap;
  readonly required_tools: readonly string[];
  readonly plan: readonly PlannedRow[];
  /** More steps than a plan shows: the rest was left out. */
  readonly is_cut: boolean;
  readonly touches: PlannedTouches;
  readonly approvals: readonly PlannedApproval[];
  /** `cost` null = agents take part: see `cost_range`. */
  readonly estimate: {
    readonly duration_seconds: number | null;
    readonly cost: number | null;
    readonly cost_range: PlannedCost;
  };
}

/** Whether only the run can tell an input of a step, or a part of it. */
export const isOpenInput = (unknown: readonly string[], key: string): boolean =>
  unknown.some((at) => at === '' || `${at}/`.startsWith(`/${pointerKey(key)}/`));

/** A value with what of it is not known. */
export interface PartlyKnown<T extends Json = Json> {
  readonly value: T;
  /** JSON pointers. */
  readonly unknown: readonly string[];
}

/** A step of a plan that a run follows. */
export type PlannedCall = Pick<PlannedRow, 'path' | 'action' | 'inputs' | 'unknown'>;

/** The plan that a run was started by (`run --plan`): where it would do something else, it rests and a person is asked. */
export interface FollowedPlan {
  readonly hash: string;
  /** Tools that it names, `workflow` and `agent` among them. */
  readonly tools: readonly string[];
  readonly calls: readonly PlannedCall[];
  /** What calls of agents are held to; absent = the run began before they were. */
  readonly touches?: Pick<PlannedTouches, 'hosts' | 'reads' | 'writes'>;
  /** The plan was cut: what it does not hold is none of it. */
  readonly isCut: boolean;
}
