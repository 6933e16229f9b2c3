import { ByteLines } from '../streams/index.ts';
import type { ProcessEnd, ProcessSpec } from './process-runner.ts';

/** Text of one stream: small ones stand in the record, large ones in a file of `helpers/out` (raw bytes). */
export type StoredText = { readonly text: string } | { readonly file: string; readonly cut: boolean };

/** A `ProcessEnd` as the helper records and sends it. */
export interface StoredEnd extends Omit<ProcessEnd, 'stdout' | 'stderr'> {
  readonly stdout: StoredText;
  readonly stderr: StoredText;
}

/** Engine to helper, one JSON line each on the helper's stdin; the end of stdin means that the engine is gone. */
export type HelperCommand =
  | { readonly t: 'start'; readonly key: string; readonly position: number; readonly spec: ProcessSpec }
  | { readonly t: 'cancel'; readonly key: string }
  | { readonly t: 'forget'; readonly runId: string };

/** Helper to engine, one JSON line each on file descriptor 3. */
export type HelperMessage =
  | { readonly t: 'ready' }
  | { readonly t: 'spawned'; readonly key: string; readonly pid: number }
  | {
      readonly t: 'lines';
      readonly key: string;
      readonly stream: 'stdout' | 'stderr';
      readonly lines: readonly string[];
    }
  /** The line of the stream that goes on reads so now; the next line that is told takes its place. */
  | { readonly t: 'open'; readonly key: string; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly t: 'end'; readonly key: string; readonly end: StoredEnd }
  /** The child began and its end could not be found out or kept. */
  | { readonly t: 'lost'; readonly key: string; readonly message: string };

/**
 * A line of a helper's record file: header, start mark (durable before exec), end record (durable before the engine is
 * told), forgotten run, draining (no start will follow: the engine is gone and every command it sent has been read).
 */
export type RecordLine =
  | { readonly t: 'h'; readonly pid: number; readonly startedAt: string | null; readonly bootId: string | null }
  | {
      readonly t: 's';
      readonly key: string;
      readonly run: string;
      readonly path: string;
      readonly attempt: number;
      readonly timeoutMs: number;
      /** How far the journal was durable before this start; missing in marks of earlier versions. */
      readonly position?: number;
    }
  | { readonly t: 'e'; readonly key: string; readonly end: StoredEnd }
  | { readonly t: 'f'; readonly run: string }
  | { readonly t: 'd' }
  | { readonly t: 'x'; readonly message: string };

/** Reads what {@link HelperCommand} and {@link HelperMessage} come as: a `feed` for chunks, in order. */
export function createFrameReader(onFrame: (line: string) => void): (chunk: Buffer) => void {
  const lines = new ByteLines({ onLine: (line) => onFrame(line.toString('utf8')) });
  return (chunk) => lines.push(chunk);
}
