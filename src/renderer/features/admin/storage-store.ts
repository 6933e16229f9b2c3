import type { OutputOf } from '../../../shared/contract/index.ts';
import type { StorageParts } from '../../../shared/model/storage.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** What takes room in this project; what runs add shows some seconds later. */
export const storageNow = createLiveQuery<OutputOf<'storage.show'>>({
  ask: () => call('storage.show', {}),
  dueOn: ({ kind }) => (kind === 'run' ? 'soon' : null),
  soonMs: 30_000,
});

/** The backups of the project, and how the last ones went. */
export const backupsNow = createLiveQuery<OutputOf<'storage.backups'>>({
  ask: () => call('storage.backups', {}),
  dueOn: ({ kind }) => (kind === 'run' ? 'soon' : null),
  soonMs: 60_000,
});

/** The parts that a workflow has of its own, in the order of the bars, with their colours. */
export const PARTS = [
  { part: 'files', colour: 'var(--chart-1)' },
  { part: 'logs', colour: 'var(--chart-2)' },
  { part: 'outputs', colour: 'var(--chart-3)' },
  { part: 'versions', colour: 'var(--chart-4)' },
] as const satisfies readonly { readonly part: keyof StorageParts; readonly colour: string }[];

/** What all parts take together. */
export const sizeOf = (parts: StorageParts): number => PARTS.reduce((sum, { part }) => sum + parts[part], 0);
