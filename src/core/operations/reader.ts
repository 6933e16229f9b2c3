import type { ScriptTool } from '../../shared/model/bundle.ts';
import type { ReadBundleOptions } from '../bundles/index.ts';
import type { ProcessRunner } from '../processes/index.ts';
import { createCatalog, createScriptTool, type ToolCatalog } from '../tools/index.ts';

/** A runner for tools that are only looked at: reading a bundle starts no process (DESIGN decision 13). */
const NO_RUNNER: ProcessRunner = {
  run: () => Promise.reject(new Error('a tool of a reading was called')),
  lookup: () => Promise.reject(new Error('a tool of a reading was looked up')),
  forget: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export const catalogOf = (tools: readonly ScriptTool[]): ToolCatalog =>
  createCatalog(tools.map((tool) => createScriptTool(tool, { runner: NO_RUNNER })));

/** How this product reads bundles: with tools checked and the environment of this process for `${NAME}`. */
export const readOptions = (): ReadBundleOptions => ({ catalogOf, hostEnv: process.env });
