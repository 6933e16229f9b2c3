/** Adapters of the project, in JavaScript, TypeScript or Python, as tools (SPEC §5.5). */
export { createModuleTool, type ModuleToolOptions } from './create-module-tool.ts';
export { findAdapter } from './find-adapter.ts';
