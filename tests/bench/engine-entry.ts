/**
 * What the rows of the engine drive: the product's own engine, store and reader, bundled so that a cold start is the product's, not the
 * loader's. As the peers' scripts it loads no doors, agents and tools: `center-entry.ts` has these.
 */
export { Engine, type EngineHost, type RunnableVersion } from '../../src/core/engine/index.ts';
export { ExecutionLogs } from '../../src/core/operations/execution-logs.ts';
export { ProjectSearch } from '../../src/core/operations/project-search.ts';
export { Store } from '../../src/core/storage/index.ts';
export { createCatalog } from '../../src/core/tools/create-catalog.ts';
export { readWorkflow, renderText, scopeOf } from '../../src/core/workflow/index.ts';
