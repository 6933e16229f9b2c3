export { createProcessRunner } from './create-process-runner.ts';
export type { ProcessEnd, ProcessRunner, ProcessSpec } from './process-runner.ts';
