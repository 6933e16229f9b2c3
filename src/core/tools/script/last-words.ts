import { stripVTControlCharacters } from 'node:util';

/** The headline of a failure holds at most this many characters (SPEC §5.2). */
const MAX_HEADLINE_CHARS = 200;
/** What of each stream stands in the details of a failure: its end, for that says most. The whole of it is in the log. */
const MAX_TAIL_CHARS = 8 * 1024;

/** Says something: letters or digits, and neither a place of a stack nor the version that a runtime signs with. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
const SAYS_NOTHING = /^(?:at .*[:(].*|\.{3} \d+ more|Node\.js v\d+\.\d+\.\d+\S*)$/;

/**
 * The last line that says something, of the first text that has one, at most 200 characters; '' where nobody said anything. A line
 * that a progress bar wrote again and again (`\r`) is what it was last.
 */
export function headlineOf(...texts: readonly string[]): string {
  for (const text of texts) {
    let last = '';
    for (const written of text.split('\n').toReversed()) {
      const line = readLine(written);
      if (SAYS_SOMETHING.test(line) && !SAYS_NOTHING.test(line)) return shorten(line);
      last ||= line;
    }
    if (last !== '') return shorten(last);
  }
  return '';
}

/** The end of what a stream said, for details; whole lines where there are several. */
export function tailOf(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length <= MAX_TAIL_CHARS) return trimmed.toWellFormed();
  const tail = trimmed.slice(-MAX_TAIL_CHARS);
  const start = tail.indexOf('\n') + 1;
  return `…\n${tail.slice(start)}`.toWellFormed();
}

function readLine(written: string): string {
  const states = written.split('\r').map((state) =>
    stripVTControlCharacters(state)
      .replace(/\p{Cc}/gu, ' ')
      .trim(),
  );
  return states.findLast((state) => state !== '') ?? '';
}

function shorten(line: string): string {
  const characters = [...line.toWellFormed()];
  if (characters.length <= MAX_HEADLINE_CHARS) return line.toWellFormed();
  return `${characters.slice(0, MAX_HEADLINE_CHARS - 1).join('')}…`;
}
