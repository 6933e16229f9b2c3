/** What the row of a day of schedules drives: the product's own scheduler over its own store. */
export { Store } from '../../src/core/storage/index.ts';
export { Scheduler } from '../../src/core/triggers/index.ts';
