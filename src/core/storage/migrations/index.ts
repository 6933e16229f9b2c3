import { initialLogs } from './logs-001-initial.ts';
import type { Migration } from './migration.ts';
import { initialState } from './state-001-initial.ts';
import { checkedRows } from './state-002-checked-rows.ts';

/** The schema of `state.db`, oldest first: a file's `user_version` is how many of them it has had (SPEC §9). */
export const STATE_MIGRATIONS: readonly Migration[] = [initialState, checkedRows];
/** The schema of `logs.db`. */
export const LOG_MIGRATIONS: readonly Migration[] = [initialLogs];

export type { Migration } from './migration.ts';
