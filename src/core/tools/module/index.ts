/** Adapters of the project, in JavaScript, TypeScript or Python, as tools (SPEC §5.5). */
export { createModuleTool } from './create-module-tool.ts';
export { findAdapter } from './find-adapter.ts';
