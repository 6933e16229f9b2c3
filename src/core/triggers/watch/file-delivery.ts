import { join } from 'node:path';
import { grouped } from '../../../shared/grouped.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { DeliveryCheck } from '../../../shared/model/trigger.ts';
import type { NewDelivery } from '../../storage/index.ts';
import type { FileEvent } from './file-event.ts';
import type { FileWriter } from './written-files.ts';

/** What a delivery of files is made of. */
export interface FileDelivery {
  readonly id: string;
  readonly triggerKey: string;
  /** The folder as it is written. */
  readonly endpoint: string;
  readonly root: string;
  /** At least one. */
  readonly events: readonly FileEvent[];
  /** Whether the watch tells of files together; then `trigger.files` is there for a single one too. */
  readonly isBatch: boolean;
  readonly receivedAt: number;
  /** The run that wrote the first file of which a writer is known. */
  readonly writer: FileWriter | null;
  /** Why it starts nothing; null = it starts a run. */
  readonly ignored: string | null;
}

const MOST_FILES = 1_000;

/** The row of the inbox for what happened to one file, or to several at once (`batch`). */
export function toDelivery(delivery: FileDelivery): NewDelivery {
  const { id, triggerKey, endpoint, root, events, isBatch, receivedAt, writer, ignored } = delivery;
  const [first] = events;
  if (first === undefined) throw new Error('a delivery of files without a file');
  const isOne = events.length === 1;
  const files = events.slice(0, MOST_FILES).map((event) => filePayload(root, event));
  const file = files[0] ?? null;
  const checks: readonly DeliveryCheck[] = [
    { name: 'pattern', isPassed: true, detail: first.path },
    { name: 'own_file', isPassed: ignored === null, detail: ignored ?? writer?.runId ?? '' },
  ];
  return {
    ...{ id, kind: 'file', triggerKey, endpoint, externalId: null, receivedAt, sourceIp: null, method: null },
    event: isOne ? first.type : 'batch',
    title: isOne ? first.path : `${grouped(events.length)} files`,
    state: ignored === null ? 'received' : 'ignored',
    reason: ignored,
    verdict: 'none',
    bodyHash: isOne ? first.hash : null,
    headers: [],
    body: null,
    data: isBatch ? { file, files, count: events.length } : { file },
    chain: writer?.chain ?? [],
    checks,
  };
}

/** `trigger.file` (SPEC §7.2). Paths are absolute, but for `relative_path`; a watch tells of files only, never of folders. */
export function filePayload(root: string, event: FileEvent): JsonMap {
  const path = join(root, event.path);
  const from: Json = event.from === null ? null : join(root, event.from);
  return {
    event_type: event.type,
    path,
    relative_path: event.path,
    name: event.path.slice(event.path.lastIndexOf('/') + 1),
    is_directory: false,
    timestamp: new Date(event.at).toISOString(),
    src_path: from,
    dest_path: from === null ? null : path,
    size: event.size,
    hash: event.hash,
  };
}
