import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is handed on in pieces. */
export const MAX_LINE_CHARS = 64 * 1024;

export interface LineSplitter {
  /** Lines that this chunk completes. Bytes that are no UTF-8 become U+FFFD. */
  push(chunk: Buffer): string[];
  /** The last, unfinished line, if any. */
  end(): string[];
  /** The line that goes on, as a terminal would show it, and whether it was begun anew before (`\r`); null = nothing stands there. */
  open(): { readonly text: string; readonly hasStates: boolean } | null;
}

/**
 * Cuts output into lines without their ends (`\n` or `\r\n`); a character that two chunks share stays whole. A lone `\r` begins the line
 * anew, as progress bars want it: what a line was last is the line (SPEC §5.2).
 */
export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let hasStates = false;
  const cutPieces = (lines: string[]): void => {
    while (rest.length > MAX_LINE_CHARS) {
      const isPair = (rest.charCodeAt(MAX_LINE_CHARS - 1) & 0xfc00) === 0xd800;
      const at = isPair ? MAX_LINE_CHARS - 1 : MAX_LINE_CHARS;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
  };
  const takeLines = (text: string): string[] => {
    const lines: string[] = [];
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      const isAnew = rest.endsWith('\r') || part.includes('\r');
      rest += part;
      if (isAnew) {
        const anew = lastState(rest);
        hasStates ||= anew !== rest;
        // At the end of a chunk the return may be the first half of a line end.
        rest = isLast && rest.endsWith('\r') ? `${anew}\r` : anew;
      }
      cutPieces(lines);
      if (isLast) break;
      lines.push(rest);
      rest = '';
      hasStates = false;
    }
    return lines;
  };
  return {
    push: (chunk) => takeLines(decoder.write(chunk)),
    end: () => {
      const lines = takeLines(decoder.end());
      if (rest !== '') lines.push(lastState(rest));
      rest = '';
      return lines;
    },
    open: () => {
      const text = lastState(rest);
      return text.trim() === '' ? null : { text, hasStates };
    },
  };
}

/** What stands behind the last `\r` that something follows: a return alone takes nothing away. */
function lastState(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === '\r') end -= 1;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
