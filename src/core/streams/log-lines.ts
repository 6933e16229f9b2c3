import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is handed on in pieces. */
export const MAX_LINE_CHARS = 64 * 1024;

export interface LineSplitter {
  /** Lines that this chunk completes. Bytes that are no UTF-8 become U+FFFD. */
  push(chunk: Buffer): string[];
  /** The last, unfinished line, if any. */
  end(): string[];
}

/** Cuts output into lines without their ends (`\n` or `\r\n`); a character that two chunks share stays whole. */
export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
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
      rest += part;
      cutPieces(lines);
      if (index === parts.length - 1) break;
      lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
      rest = '';
    }
    return lines;
  };
  return {
    push: (chunk) => takeLines(decoder.write(chunk)),
    end: () => {
      const lines = takeLines(decoder.end());
      if (rest !== '') lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
      rest = '';
      return lines;
    },
  };
}
