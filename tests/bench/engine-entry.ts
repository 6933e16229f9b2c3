/** What the benches drive: the product's own engine and store, bundled so that a cold start is the product's, not the loader's. */
export { openControlCenter } from '../../src/core/control-center.ts';
export { Engine, type EngineHost, type RunnableVersion } from '../../src/core/engine/index.ts';
export { createProcessRunner } from '../../src/core/processes/index.ts';
export { Store } from '../../src/core/storage/index.ts';
export { createCatalog, type Tool } from '../../src/core/tools/index.ts';
export { readWorkflow, renderText, scopeOf } from '../../src/core/workflow/index.ts';
