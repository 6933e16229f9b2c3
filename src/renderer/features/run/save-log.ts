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
  readonly onProgress?: (line: number) => void;
  readonly signal?: AbortSignal;
}

/** Reads a log from a line to its end, a page at a time; texts without colours. */
export async function readLog({ runId, filter, from, onProgress, signal }: LogReading): Promise<readonly string[]> {
  const parts: string[] = [];
  for (let next = from; signal?.aborted !== true; ) {
    const { lines } = await call('runs.log', {
      runId,
      from: next,
      limit: PAGE,
      ...filterInput(filter),
    });
    parts.push(lines.map(logLineText).join(''));
    const last = lines.at(-1);
    if (last === undefined || lines.length < PAGE) break;
    onProgress?.(last.line);
    next = last.line + 1;
  }
  return parts;
}

/** Gives the browser a file to save. */
export function saveFile(name: string, parts: readonly BlobPart[], type = 'text/plain;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is enough for any start of a download.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
