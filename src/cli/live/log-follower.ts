import type { InputOf } from '../../shared/contract/index.ts';
import type { LogLine } from '../../shared/model/run.ts';
import type { OpenClient } from '../context.ts';

export type LogFilter = Pick<InputOf<'runs.log'>, 'runId' | 'path' | 'level'>;

const PAGE = 5_000;

export interface LogPort {
  readonly client: OpenClient;
  readonly filter: LogFilter;
  /** False = nobody reads any more. */
  readonly canGoOn: () => boolean;
}

/** Gives every page from line `from` on, each when the one before is taken; returns the number of the line after the last one. */
export async function eachLogPage(
  { client, filter, canGoOn }: LogPort,
  from: number,
  take: (lines: readonly LogLine[]) => void | Promise<void>,
): Promise<number> {
  let next = from;
  while (canGoOn()) {
    const { lines } = await client.call('runs.log', { ...filter, from: next, limit: PAGE });
    const last = lines.at(-1);
    if (last === undefined) return next;
    await take(lines);
    next = last.line + 1;
  }
  return next;
}

/**
 * The way to show what came since the last time. A line that goes on is shown as it reads, and once more when it has come to its end and
 * reads otherwise; its states between are not.
 */
export function createLogFollower(port: LogPort, show: (lines: readonly LogLine[]) => void): () => Promise<void> {
  const open = new Map<number, string>();
  let next = 1;
  const showEnded = async (): Promise<void> => {
    for (const [number, text] of [...open]) {
      const { lines } = await port.client.call('runs.log', { ...port.filter, from: number, limit: 1 });
      const [line] = lines;
      if (line?.line === number && line.isOpen === true) continue;
      open.delete(number);
      if (line?.line === number && line.text !== text) show([line]);
    }
  };
  return async () => {
    await showEnded();
    next = await eachLogPage(port, next, (lines) => {
      for (const line of lines) if (line.isOpen === true) open.set(line.line, line.text);
      show(lines);
    });
  };
}
