import { createLineReader } from './line-reader.ts';

/** Reads the data of a stream's events, whatever the borders of its pieces are. */
export interface EventReader {
  /** The data of the events that this piece completes. */
  push(piece: Uint8Array): readonly string[];
  /** The stream has ended: the data of what was still open and counts all the same. */
  end(): readonly string[];
}

/** What one event may hold at most. */
export interface EventLimit {
  readonly maxChars: number;
  readonly tooLong: () => Error;
}

/** Server-sent events: their `data` lines joined; comments, ids and events without data are dropped, so is one without its blank line. */
export function createSseReader({ maxChars, tooLong }: EventLimit): EventReader {
  const lines = createLineReader(maxChars, tooLong);
  let data: string[] = [];
  let chars = 0;
  const takeLine = (line: string): readonly string[] => {
    if (line === '') {
      const event = data;
      data = [];
      chars = 0;
      return event.length === 0 ? [] : [event.join('\n')];
    }
    const [, value] = /^data(?:: ?(.*))?$/s.exec(line) ?? [];
    if (!/^data(?::|$)/.test(line)) return [];
    data.push(value ?? '');
    chars += value?.length ?? 0;
    if (chars > maxChars) throw tooLong();
    return [];
  };
  return { push: (piece) => lines.push(piece).flatMap(takeLine), end: () => [] };
}

/** One JSON text a line; empty lines are dropped, the last line needs no end. */
export function createNdjsonReader({ maxChars, tooLong }: EventLimit): EventReader {
  const lines = createLineReader(maxChars, tooLong);
  const isText = (line: string): boolean => line.trim() !== '';
  return { push: (piece) => lines.push(piece).filter(isText), end: () => [lines.end()].filter(isText) };
}
