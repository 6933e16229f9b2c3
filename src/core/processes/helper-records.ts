import { appendFile, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordLine, StoredEnd } from './helper-protocol.ts';
import type { ProcessIdentity } from './process-table.ts';

/** What is known of one attempt: begun, and how it ended if it did. */
export interface AttemptMark {
  readonly run: string;
  readonly timeoutMs: number;
  /** How far the journal was durable before it began; 0 where that was not written down. */
  readonly position: number;
  readonly end: StoredEnd | null;
}

/** One helper's record file, read. */
export interface HelperRecords {
  readonly name: string;
  /** null = the helper died before it had written who it is; it was never given a command. */
  readonly identity: ProcessIdentity | null;
  /** False when a line in the midst cannot be read: an absent mark proves nothing then. */
  readonly isIntact: boolean;
  /** The helper has seen the end of its engine and every command before it. */
  readonly isDraining: boolean;
  readonly marks: ReadonlyMap<string, AttemptMark>;
}

/** Pure: the records in the text of a file. A last line without its end was never synced, so nothing rests on it. */
export function parseRecords(name: string, text: string): HelperRecords {
  const marks = new Map<string, AttemptMark>();
  let identity: ProcessIdentity | null = null;
  let isIntact = true;
  let isDraining = false;
  for (const raw of text.split('\n').slice(0, -1)) {
    const line = raw === '' ? null : parseLine(raw);
    if (raw === '') continue;
    if (line === null) isIntact = false;
    else if (line.t === 'h') identity = line;
    else if (line.t === 'd') isDraining = true;
    else if (line.t === 's')
      marks.set(line.key, { run: line.run, timeoutMs: line.timeoutMs, position: line.position ?? 0, end: null });
    else if (line.t === 'f') forgetMarks(marks, line.run);
    else if (line.t === 'e') {
      const mark = marks.get(line.key);
      if (mark !== undefined) marks.set(line.key, { ...mark, end: line.end });
    }
  }
  return { name, identity, isIntact, isDraining, marks };
}

function forgetMarks(marks: Map<string, AttemptMark>, run: string): void {
  for (const [key, mark] of marks) if (mark.run === run) marks.delete(key);
}

function parseLine(raw: string): RecordLine | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && 't' in value ? (value as RecordLine) : null;
  } catch {
    return null;
  }
}

/** The record files of all helpers that ever worked in a state folder; read again only when they changed. */
export interface RecordShelf {
  /** Oldest helper first. Rejects when the folder or a file cannot be read. */
  readAll(): Promise<readonly HelperRecords[]>;
  read(name: string): Promise<HelperRecords>;
  /** Drops a run from a dead helper's file; the last run takes file and outputs along. */
  forget(records: HelperRecords, runId: string): Promise<void>;
  /** Removes a dead helper's file together with its outputs. */
  remove(records: HelperRecords): Promise<void>;
}

/** The records that helpers leave of what they started. */
export function createRecordShelf(helpersDir: string): RecordShelf {
  const cache = new Map<string, { readonly stamp: string; readonly records: HelperRecords }>();

  const read = async (name: string): Promise<HelperRecords> => {
    const path = join(helpersDir, name);
    const { size, mtimeMs, ino } = await stat(path);
    const stamp = `${ino}:${size}:${mtimeMs}`;
    const known = cache.get(name);
    if (known?.stamp === stamp) return known.records;
    const records = parseRecords(name, await readFile(path, 'utf8'));
    cache.set(name, { stamp, records });
    return records;
  };
  const remove = async (records: HelperRecords): Promise<void> => {
    for (const mark of records.marks.values()) await removeOutputs(helpersDir, mark);
    await rm(join(helpersDir, records.name), { force: true });
    await rm(join(helpersDir, records.name.replace(/\.jsonl$/, '.pipes')), { recursive: true, force: true });
    cache.delete(records.name);
  };
  return {
    read,
    remove,
    readAll: async () => {
      const names = (await readdir(helpersDir)).filter((name) => name.endsWith('.jsonl')).sort();
      const all = await Promise.all(names.map((name) => read(name).catch(ignoreGone)));
      return all.filter((records) => records !== null);
    },
    forget: async (records, runId) => {
      const marks = [...records.marks.values()];
      if (marks.every((mark) => mark.run === runId)) return await remove(records);
      for (const mark of marks) if (mark.run === runId) await removeOutputs(helpersDir, mark);
      await appendForgotten(join(helpersDir, records.name), runId);
    },
  };
}

function ignoreGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function removeOutputs(helpersDir: string, mark: AttemptMark): Promise<void> {
  for (const text of mark.end === null ? [] : [mark.end.stdout, mark.end.stderr]) {
    if ('file' in text) await rm(join(helpersDir, 'out', text.file), { force: true });
  }
}

/** A line that the helper's death cut short is taken away first, so that it does not become a bad line in the midst. */
async function appendForgotten(path: string, run: string): Promise<void> {
  const bytes = await readFile(path);
  const wholeBytes = bytes.lastIndexOf(10) + 1;
  if (wholeBytes < bytes.length) await truncate(path, wholeBytes);
  await appendFile(path, `${JSON.stringify({ t: 'f', run } satisfies RecordLine)}\n`);
}
