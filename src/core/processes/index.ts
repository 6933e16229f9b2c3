export {
  type ContainableCommand,
  type Containment,
  contain,
  findSandbox,
  type OwnPlace,
  SANDBOX_NAMES,
  type Sandbox,
} from './containment/index.ts';
export { createProcessRunner } from './create-process-runner.ts';
export { endOrphans } from './end-step-processes.ts';
export { findProgram, isExecutable } from './find-program.ts';
export type { BrokenLimit, LimitWatch } from './limit-watch.ts';
export { type Lineage, readLineage } from './lineage.ts';
export type { ProcessEnd, ProcessRunner, ProcessSpec, StepTrace } from './process-runner.ts';
export { currentIdentity, isProcessAlive, type ProcessIdentity } from './process-table.ts';
export { endProcessTree, type ProcessTree, watchProcessTree } from './process-tree.ts';
export { systemEnvironment } from './system-environment.ts';
