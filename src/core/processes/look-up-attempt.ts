import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEnd } from './helper-protocol.ts';
import type { HelperRecords, RecordShelf } from './helper-records.ts';
import { isProcessAlive } from './process-table.ts';

const POLL_MS = 25;
/** A helper that lives longer than its child may run, by this much, is stuck and not waited for. */
const STUCK_MS = 30_000;

interface LookUp {
  readonly shelf: RecordShelf;
  readonly key: string;
  /** Record file of the caller's own helper: the caller knows by itself what it sent there and what still runs. */
  readonly ownFile: string | null;
  readonly hasHistory: boolean;
}

type Found = { readonly kind: 'never_began' | 'unknown' } | { readonly kind: 'ended'; readonly end: StoredEnd };

/**
 * SPEC §3.8. No start mark in any file, all of them whole and none of them still open for starts = it never began. With a
 * mark: its end record, waited for while its helper lives; else nobody knows.
 */
export async function lookUpAttempt(look: LookUp): Promise<Found> {
  let read: Reading;
  try {
    read = await readWhenClosed(look);
  } catch {
    return { kind: 'unknown' };
  }
  const { files } = read;
  const holder = files.findLast((file) => file.marks.has(look.key));
  if (holder !== undefined) return await waitForEnd(look, holder);
  const isProof = look.hasHistory && read.isClosed && files.every((file) => file.isIntact);
  return { kind: isProof ? 'never_began' : 'unknown' };
}

/** Key -> run of all attempts that helpers of earlier engines began, read when none of them can begin any more. */
export async function readEarlierStarts(look: Pick<LookUp, 'shelf' | 'ownFile'>): Promise<Map<string, string>> {
  const { files } = await readWhenClosed(look);
  const earlier = files.filter((file) => file.name !== look.ownFile);
  return new Map(earlier.flatMap((file) => [...file.marks].map(([key, mark]) => [key, mark.run] as const)));
}

function isAlive(file: HelperRecords): boolean {
  return file.identity !== null && isProcessAlive(file.identity);
}

function isClosedForStarts(file: HelperRecords, ownFile: string | null): boolean {
  return file.name === ownFile || file.isDraining || !isAlive(file);
}

interface Reading {
  readonly files: readonly HelperRecords[];
  /** Every file was closed for starts before it was read, so none of them can miss a mark. */
  readonly isClosed: boolean;
}

/**
 * A helper whose engine has just died may still have a start command to read, and one that was on its way may show its file only
 * now: their silence says nothing until they drain.
 */
async function readWhenClosed({ shelf, ownFile }: Pick<LookUp, 'shelf' | 'ownFile'>): Promise<Reading> {
  const until = performance.now() + STUCK_MS;
  let closed: ReadonlySet<string> = new Set();
  for (;;) {
    const files = await shelf.readAll();
    const isClosed = files.every((file) => closed.has(file.name));
    if (isClosed || performance.now() > until) return { files, isClosed };
    closed = new Set(files.filter((file) => isClosedForStarts(file, ownFile)).map((file) => file.name));
    if (closed.size < files.length) await pause(POLL_MS);
  }
}

async function waitForEnd(look: LookUp, holder: HelperRecords): Promise<Found> {
  const timeoutMs = holder.marks.get(look.key)?.timeoutMs ?? 0;
  const until = performance.now() + timeoutMs + STUCK_MS;
  let current = holder;
  for (;;) {
    // Asked before the file is read: an end written just before the death is then always seen.
    const wasAlive = isAlive(current);
    current = await readOr(look.shelf, current);
    const end = current.marks.get(look.key)?.end ?? null;
    if (end !== null) return { kind: 'ended', end };
    const isOver = current.name === look.ownFile || !wasAlive;
    if (isOver || performance.now() > until) return { kind: 'unknown' };
    await pause(POLL_MS);
  }
}

async function readOr(shelf: RecordShelf, before: HelperRecords): Promise<HelperRecords> {
  return await shelf.read(before.name).catch(() => before);
}
