/**
 * What other programs keep their jobs in (crontab, launchd, Task Scheduler, GitHub Actions, n8n, Goose, Claude Code), made into drafts of
 * workflows, with what did not map. Nothing here reads a disk, runs anything or arms anything.
 */
export { convertForeign, MAX_FOREIGN_BYTES } from './convert-foreign.ts';
export { draftFiles, draftName, triggerDetail } from './draft-files.ts';
export { type Conversion, type DraftPlan, uniqueNames } from './draft-plan.ts';
