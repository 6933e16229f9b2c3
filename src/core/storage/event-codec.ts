import type { JournalEvent } from '../../shared/model/events.ts';
import { BLOB_THRESHOLD_BYTES, type BlobStore } from './blobs.ts';
import { parseStored } from './damage.ts';

/** The version that is written now; readers bring older ones up to it here (DESIGN decision 5). */
export const EVENT_VERSION = 1;

const VALUE_FIELDS = [
  'output',
  'outputs',
  'variables',
  'inputs',
  'carried',
  'fallback',
  'decision',
  'undo',
  'steps',
  'replay',
] as const;
type ValueField = (typeof VALUE_FIELDS)[number];

/** An event as a journal row holds it, and the values that it has in files. */
export interface EncodedEvent {
  readonly data: string;
  readonly blobs: readonly string[];
}

const NO_BLOBS: readonly string[] = [];

/** The event as the text of a journal row. Large values go to blobs, `blobs` then names field and hash. */
export function encodeEvent(event: JournalEvent, blobs: BlobStore): EncodedEvent {
  const text = JSON.stringify(event);
  if (isSmall(text, BLOB_THRESHOLD_BYTES)) return { data: text, blobs: NO_BLOBS };
  const slim: Record<string, unknown> = { ...event };
  const moved: Partial<Record<ValueField, string>> = {};
  for (const field of VALUE_FIELDS) {
    if (!(field in slim)) continue;
    const value = JSON.stringify(slim[field]);
    if (isSmall(value, BLOB_THRESHOLD_BYTES / VALUE_FIELDS.length)) continue;
    moved[field] = blobs.put(value);
    slim[field] = null;
  }
  return { data: JSON.stringify({ ...slim, blobs: moved }), blobs: Object.values(moved) };
}

/** Bytes count, not characters; a text this short need not be measured. */
const isSmall = (text: string, bytes: number): boolean => text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes;

/** An event as the text of a row says it. */
export interface StoredForm {
  readonly blobs?: Partial<Record<ValueField, string>>;
  readonly [field: string]: unknown;
}

/** The way back; values that left come back from their blobs. `store.corrupt` when a blob is damaged. */
export function decodeEvent(form: StoredForm, blobs: BlobStore): JournalEvent {
  const { blobs: moved, ...event } = form as StoredForm & Record<string, unknown>;
  for (const [field, hash] of Object.entries(moved ?? {})) event[field] = parseStored(blobs.get(hash));
  return event as unknown as JournalEvent;
}
