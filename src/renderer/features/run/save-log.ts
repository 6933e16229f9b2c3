import type { OutputOf } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { filterInput, type LogFilter } from './log-filter.ts';

export interface LogReading {
  readonly runId: string;
  readonly filter: LogFilter;
  /** First line to read. */
  readonly from: number;
  readonly signal?: AbortSignal;
}

/** A part of a log as text, and the number of its last line. */
export interface LogPart {
  readonly text: string;
  readonly last: number;
}

type Answer = OutputOf<'runs.logText'>;

/** Reads a log from a line to its end, a part at a time; texts without colours. The next part is on its way while this one is used. */
export async function* readLog({ runId, filter, from, signal }: LogReading): AsyncGenerator<LogPart> {
  const ask = (first: number): Promise<Answer> => call('runs.logText', { runId, from: first, ...filterInput(filter) });
  for (let coming: Promise<Answer> | null = ask(from); coming !== null; ) {
    const { text, last, isEnd }: Answer = await coming;
    signal?.throwIfAborted();
    coming = isEnd ? null : ask(last + 1);
    // Whoever stops here leaves an answer behind that nobody waits for.
    coming?.catch(() => undefined);
    if (text !== '') yield { text, last };
  }
}

/** A whole log as a file: each part leaves the memory of the page for the browser's own as soon as it is there. */
export async function logFile(reading: LogReading, onProgress: (line: number) => void): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const { text, last } of readLog(reading)) {
    parts.push(new Blob([text]));
    onProgress(last);
  }
  return new Blob(parts, { type: 'text/plain;charset=utf-8' });
}
