import { initialLogs } from './logs-001-initial.ts';
import type { Migration } from './migration.ts';
import { initialState } from './state-001-initial.ts';

export const STATE_MIGRATIONS: readonly Migration[] = [initialState];
export const LOG_MIGRATIONS: readonly Migration[] = [initialLogs];

export type { Migration } from './migration.ts';
