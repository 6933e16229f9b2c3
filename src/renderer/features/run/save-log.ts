import type { OutputOf } from '../../../shared/contract/index.ts';
import type { LogLine } from '../../../shared/model/run.ts';
import { call } from '../../client/bridge.ts';
import { stripAnsi } from '../../ui/ansi.ts';
import { filterInput, type LogFilter } from './log-filter.ts';

const PAGE = 5000;
const logLineText = (line: LogLine): string =>
  `${new Date(line.at).toISOString()} ${line.path} ${stripAnsi(line.text)}\n`;

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

/** Reads a log from a line to its end, a page at a time; texts without colours. The next page is on its way while this one is used. */
export async function* readLog({ runId, filter, from, signal }: LogReading): AsyncGenerator<LogPart> {
  const ask = (first: number): Promise<OutputOf<'runs.log'>> =>
    call('runs.log', { runId, from: first, limit: PAGE, ...filterInput(filter) });
  for (let coming: Promise<OutputOf<'runs.log'>> | null = ask(from); coming !== null; ) {
    const { lines }: OutputOf<'runs.log'> = await coming;
    signal?.throwIfAborted();
    const last = lines.at(-1)?.line ?? 0;
    coming = lines.length < PAGE ? null : ask(last + 1);
    // Whoever stops here leaves an answer behind that nobody waits for.
    coming?.catch(() => undefined);
    if (lines.length > 0) yield { text: lines.map(logLineText).join(''), last };
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

/** Gives the browser a file to save. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is enough for any start of a download.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
