export { createProcessRunner, type ProcessRunnerOptions } from './create-process-runner.ts';
export type { ProcessEnd, ProcessLookup, ProcessRunner, ProcessSpec } from './process-runner.ts';
