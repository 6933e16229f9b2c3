/** What a scheduler asks of a schedule, as the product bundles it. */
export { nextDue } from '../../src/core/triggers/schedule/next-due.ts';
export { parseSchedule } from '../../src/core/triggers/schedule/schedule.ts';
