export { createBuiltIns } from './built-ins.ts';
export type { GitActs } from './git-built-ins.ts';
