import type { JsonMap } from '../../shared/json.ts';
import type { PlannedApproval, PlannedRow } from '../../shared/model/plan.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { EngineTools, RunnableVersion } from '../engine/index.ts';

/** What a plan is made of: a version and what a run of it would be given. */
export interface PlanSubject {
  readonly version: RunnableVersion;
  readonly inputs: JsonMap;
  /** Inputs whose values are not known: secret ones, and those that only the run gives. */
  readonly hiddenInputs: ReadonlySet<string>;
}

/** What planning asks of the project; nothing of it is called, and nothing is sent. */
export interface PlanPorts {
  readonly tools: EngineTools;
  /** Who would do an agent step; null = nobody is named. */
  readonly agentOf: (step: Step, version: RunnableVersion) => PlannedRow['agent'];
  /** The workflow that a step names, with the inputs that are known and the names of those that are not. Errors: `input.*`. */
  readonly child: (
    caller: RunnableVersion,
    ref: string,
    given: { readonly inputs: JsonMap; readonly hidden: readonly string[] },
  ) => PlanSubject;
}

/** The tree of a run that has not begun. */
export interface PlannedTree {
  readonly rows: readonly PlannedRow[];
  readonly approvals: readonly PlannedApproval[];
  /** What templated names of written files come to, by the name as it is written; one that only the run can tell stands as it is written. */
  readonly written: ReadonlyMap<string, readonly string[]>;
  /** More than a plan shows. */
  readonly isCut: boolean;
}
