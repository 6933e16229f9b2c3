/** A run before it begins (SPEC §13 `--dry-run`): its whole tree with what the inputs tell of it. Reads only; calls nothing. */
export { hashPlan, type PlanIdentity } from './hash-plan.ts';
export type { PlannedTree, PlanPorts, PlanSubject } from './plan-subject.ts';
export { planTree } from './plan-tree.ts';
