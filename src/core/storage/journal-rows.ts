import { crc32 } from 'node:zlib';
import type { JournalEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { BlobStore } from './blobs.ts';
import { damaged, parseStored } from './damage.ts';
import { decodeEvent, encodeEvent, type StoredForm } from './event-codec.ts';
import { sumOf } from './row-sum.ts';

/** A row of the journal: one event, or several of one commit. All but `data` is said of the last one. */
export interface JournalRow {
  readonly position: number;
  readonly seq: number;
  readonly type: string;
  readonly v: number;
  readonly at: number;
  readonly actor: string;
  readonly data: string;
  /** Null in rows of the first schema. */
  readonly sum: number | null;
}

/** A row that is not written yet, and the values of its events that stand in files. */
export interface NewJournalRow extends JournalRow {
  readonly blobs: readonly string[];
}

/** These end their row: how a run ended is looked for by the type of a row (`executions`, the search of a list). */
const ENDS: ReadonlySet<JournalEvent['type']> = new Set(['run.completed', 'run.failed', 'run.cancelled']);

/** The sum covers the stream's name, in whatever form the row itself names it. */
function sumOfRow(stream: string, { position, seq, type, v, at, actor, data }: Omit<JournalRow, 'sum'>): number {
  // The sum of all values with marks between them; the longest is not copied for it.
  return crc32(data, sumOf([position, stream, seq, type, v, at, actor, '']));
}

/** Writes and reads rows of the journal. */
export class JournalRows {
  readonly #blobs: BlobStore;
  readonly #actors = new WeakMap<Actor, string>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /**
   * The rows of a commit. One event is the row's data as it is; several are a list in which each says its own position and instant, for
   * runs that commit at once take positions in turns.
   */
  toRows(events: readonly StoredEvent<JournalEvent>[]): readonly NewJournalRow[] {
    const rows: NewJournalRow[] = [];
    let before = '';
    let blobs: readonly string[] = [];
    for (let index = 0; index < events.length; index += 1) {
      const stored = events[index] as StoredEvent<JournalEvent>;
      const encoded = encodeEvent(stored.event, this.#blobs);
      if (encoded.blobs.length > 0) blobs = [...blobs, ...encoded.blobs];
      if (isJoined(stored, events[index + 1])) {
        before += `${inList(stored, encoded.data)},`;
        continue;
      }
      const data = before === '' ? encoded.data : `[${before}${inList(stored, encoded.data)}]`;
      rows.push(this.#toRow(stored, data, blobs));
      before = '';
      blobs = [];
    }
    return rows;
  }

  #toRow(last: StoredEvent<JournalEvent>, data: string, blobs: readonly string[]): NewJournalRow {
    const { position, stream, seq, v, at, event } = last;
    const { type } = event;
    const actor = this.#actorJson(last.actor);
    const sum = sumOfRow(stream, { position, seq, type, v, at, actor, data });
    return { position, seq, type, v, at, actor, data, sum, blobs };
  }

  /** The events of a row, oldest first. `store.corrupt` when it does not say what was written. */
  readRow(stream: string, row: JournalRow): readonly StoredEvent<JournalEvent>[] {
    if (row.sum !== null && row.sum !== sumOfRow(stream, row)) throw damaged('An event of this run is damaged.');
    const actor = parseStored(row.actor) as Actor;
    const { v } = row;
    return formsOf(row).map(({ seq, position, at, form }) => {
      const event = decodeEvent(form, this.#blobs);
      return { position, stream, seq, v, at, actor, event };
    });
  }

  #actorJson(actor: Actor): string {
    let text = this.#actors.get(actor);
    if (text === undefined) {
      text = JSON.stringify(actor);
      this.#actors.set(actor, text);
    }
    return text;
  }
}

/**
 * The events of a row without their large values, for who counts them: no file is opened. `store.corrupt` when it does not say what was
 * written.
 */
export function readBareRow(
  stream: string,
  row: JournalRow,
): readonly { readonly seq: number; readonly at: number; readonly event: JournalEvent }[] {
  if (row.sum !== null && row.sum !== sumOfRow(stream, row)) throw damaged('An event of this run is damaged.');
  return formsOf(row).map(({ seq, at, form }) => ({ seq, at, event: form as unknown as JournalEvent }));
}

/** What stands in a row, oldest first. */
function formsOf({ position, seq, at, data }: JournalRow): readonly {
  readonly seq: number;
  readonly position: number;
  readonly at: number;
  readonly form: StoredForm;
}[] {
  const read = parseStored(data) as StoredForm | readonly ListedForm[];
  if (!Array.isArray(read)) return [{ seq, position, at, form: read as StoredForm }];
  return (read as readonly ListedForm[]).map(({ position, at, ...form }, index) => ({
    seq: seq - read.length + 1 + index,
    position,
    at,
    form,
  }));
}

interface ListedForm extends StoredForm {
  readonly position: number;
  readonly at: number;
}

const inList = ({ position, at }: StoredEvent, data: string): string =>
  `{"position":${position},"at":${at},${data.slice(1)}`;

/** Whether `next` can stand in the row that `last` is the newest event of: what a row says but once must be true of both. */
const isJoined = (last: StoredEvent<JournalEvent>, next: StoredEvent<JournalEvent> | undefined): boolean =>
  next !== undefined &&
  !ENDS.has(last.event.type) &&
  next.seq === last.seq + 1 &&
  next.v === last.v &&
  next.actor === last.actor;
