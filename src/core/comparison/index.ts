/** Two runs, or two versions, side by side: from what was written down of them, and nothing else. */
export { compareTrails } from './compare-trails.ts';
export { workflowChanges } from './compare-workflows.ts';
export { type FullTrail, trailOf } from './run-trail.ts';
export { valueChanges } from './value-changes.ts';
