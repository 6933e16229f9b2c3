/** The whole control center, and the parts that only a component's row drives. */
export { openControlCenter } from '../../src/core/control-center.ts';
export { createProcessRunner } from '../../src/core/processes/index.ts';
export { readWorkflow, renderText, scopeOf } from '../../src/core/workflow/index.ts';
export { ownProject } from '../support/own-project.ts';
